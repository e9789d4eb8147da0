import { ParleyError } from '@parley/contracts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Connection } from './driver.ts';

const connectMs = 30_000;

/** Connects and waits for it; not for a token source that fails. @throws unauthenticated, wrong_user, invalid_input, timeout, disconnected */
export async function untilConnected(clock: Clock, connection: Connection): Promise<void> {
  const { state } = connection;
  connection.retry();
  let unsubscribe = (): void => {};
  const settled = new Promise<void>((resolve, reject) => {
    const look = (): void => {
      const now = state.get();
      if (now.name === 'connected') resolve();
      if (now.name === 'failed') reject(now.reason);
      if (now.name === 'waiting' && now.reason !== undefined) reject(now.reason);
      if (now.name === 'idle')
        reject(new ParleyError('disconnected', 'unable to connect; the client was disconnected meanwhile'));
    };
    unsubscribe = state.subscribe(look);
    look();
  });
  try {
    await withDeadline(clock, connectMs, 'unable to connect within 30 s; the client goes on trying', () => settled);
  } finally {
    unsubscribe();
  }
}
