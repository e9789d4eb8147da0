import { ParleyError } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import type { Clock } from '@parley/service-kit';
import type { Actor } from '../../platform/actor.ts';
import type { Sql } from '../../platform/sql.ts';
import { createKeyring } from './keyring.ts';
import { readStanding, type Standing, welcomeUser } from './repository.ts';
import { keyIdOf, refused, verifyToken } from './token.ts';

/** A verified caller. */
export interface Session {
  readonly principal: Principal;
  readonly actor: Actor;
}

export interface AuthService {
  /**
   * Verifies a token (null: none was sent) and, when `origin` is given, that its app allows it. A user not seen before is created.
   * @throws unauthenticated (the message says why), forbidden (origin)
   */
  open(token: string | null, origin: string | null): Promise<Session>;
  /** Who a principal speaks for now: not expired or revoked since it was made. @throws unauthenticated */
  actorOf(principal: Principal): Promise<Actor>;
}

export function createAuthService({ db, clock }: { readonly db: Sql; readonly clock: Clock }): AuthService {
  const keyring = createKeyring({ db, clock });

  const standingOf = async (keyId: string, userId: string | null): Promise<Standing> => {
    const standing = await readStanding(db, keyId, userId);
    if (standing === null) throw unknownKey(keyId);
    return standing;
  };

  const actorFrom = async (principal: Principal, standing: Standing): Promise<Actor> => {
    checkRevocation(principal, standing);
    const { appId, userId } = principal;
    if (userId === null) return { kind: 'server', appId, principal };
    const role = standing.user?.role ?? (await welcomeUser(db, appId, userId));
    return { kind: 'user', appId, userId, role, asServer: principal.scope === 'server', principal };
  };

  return {
    async open(token, origin) {
      if (token === null || token === '') throw refused('no token was sent');
      const keyId = keyIdOf(token);
      const secret = await keyring.secretOf(keyId);
      if (secret === null) throw unknownKey(keyId);
      const { scope, userId, issuedAt, expiresAt } = await verifyToken(token, secret, clock.now());
      const standing = await standingOf(keyId, userId);
      // Without "iat" nothing shows that the token is newer than a revocation.
      const principal = { appId: standing.appId, keyId, scope, userId, issuedAt: issuedAt ?? 0, expiresAt };
      const actor = await actorFrom(principal, standing);
      checkOrigin(origin, standing);
      return { principal, actor };
    },

    async actorOf(principal) {
      if (principal.expiresAt * 1_000 <= clock.now()) throw refused('the token expired');
      return await actorFrom(principal, await standingOf(principal.keyId, principal.userId));
    },
  };
}

const unknownKey = (keyId: string) =>
  refused(`the token is signed with an unknown key${/^[\w-]{1,64}$/.test(keyId) ? ` ${keyId}` : ''}`);

function checkRevocation(
  { keyId, userId, issuedAt }: Principal,
  { keyRevokedAt, appValidAfter, user }: Standing,
): void {
  if (keyRevokedAt !== null) throw refused(`the key ${keyId} was revoked at ${keyRevokedAt}`);
  const revokedBy = (validAfter: string | null | undefined) =>
    typeof validAfter === 'string' && issuedAt * 1_000 <= Date.parse(validAfter);
  if (revokedBy(appValidAfter)) throw refused(`the token was revoked, as all that were issued until ${appValidAfter}`);
  if (revokedBy(user?.validAfter))
    throw refused(`the token was revoked, as all of this user that were issued until ${user?.validAfter}`);
  if (user?.deletedAt) throw refused(`the user ${userId} was deleted at ${user.deletedAt}`);
}

function checkOrigin(origin: string | null, { allowedOrigins }: Standing): void {
  if (origin === null || allowedOrigins.length === 0 || allowedOrigins.includes(origin)) return;
  throw new ParleyError(
    'forbidden',
    'unable to answer this website; its origin is not among the allowed origins of the app',
  );
}
