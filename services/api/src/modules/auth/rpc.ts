import { toError } from '@parley/service-kit';
import type { Handler } from '../../rpc/handler.ts';
import type { AuthService } from './service.ts';

/** What fan-out asks about sessions. */
export function sessionHandlers(auth: Pick<AuthService, 'openMany' | 'sign' | 'check'>) {
  const open: Handler<'session.open'> = async (questions) => {
    const sessions = await auth.openMany(questions);
    return await Promise.all(
      sessions.map(async (session) =>
        session instanceof Error ? session : await auth.sign(session.principal).catch(toError),
      ),
    );
  };

  const check: Handler<'session.check'> = async (questions) =>
    (await auth.check(questions)).map((verdict) => (verdict === 'again' ? { again: true } : (verdict ?? {})));

  return { 'session.open': open, 'session.check': check };
}
