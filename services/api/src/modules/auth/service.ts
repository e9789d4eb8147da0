import { limits, ParleyError } from '@parley/contracts';
import type { Principal } from '@parley/contracts/bus';
import { type Clock, toError } from '@parley/service-kit';
import type { Actor } from '../../platform/actor.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import { sightOf } from '../../platform/sight.ts';
import type { Sql } from '../../platform/sql.ts';
import { createAheadClocks, isAmbiguous } from './ahead-clocks.ts';
import { createKeyring } from './keyring.ts';
import { createPrincipalSignatures } from './principal-signature.ts';
import { type CredentialStatus, readCredentialStatuses, welcomeUsers } from './repository.ts';
import { createSignatureMemory } from './signature-memory.ts';
import { checkClaims, keyIdOf, refused, type TokenClaims } from './token.ts';

/** A verified caller. */
export interface Session {
  readonly principal: Principal;
  readonly actor: Actor;
}

/** A token as it was sent (null: none was), and the website it came from, when that shall be checked. */
export interface Credentials {
  readonly token: string | null;
  readonly origin: string | null;
}

/** A session as it was opened. */
export interface OpenSession {
  readonly principal: Principal;
  readonly origin: string | null;
}

export interface AuthService {
  /**
   * Verifies a token and, when `origin` is given, that its app allows it. A user not seen before is created.
   * @throws unauthenticated (the message says why), forbidden (origin)
   */
  open(token: string | null, origin: string | null): Promise<Session>;
  /** Whether the signature of this token holds, as far as that can be said without a statement; it may have been revoked. */
  isGenuine(token: string): Promise<boolean>;
  /** As `open` for each, at the price of one; a refusal in the place of one that is refused. */
  openMany(all: readonly Credentials[]): Promise<readonly (Session | Error)[]>;
  /** The principal as it may travel over the bus and come back, see `actorOf`. @throws unauthenticated when its key is gone */
  sign(principal: Principal): Promise<Principal>;
  /** Whether each session may go on: null, or why not; `again`: only when it is opened anew, since it sees something else now. At the price of one. */
  check(sessions: readonly OpenSession[]): Promise<readonly (Error | 'again' | null)[]>;
  /** Who a principal speaks for now: signed by an API node, not expired or revoked since. @throws unauthenticated */
  actorOf(principal: Principal): Promise<Actor>;
  /** As `actorOf` for each, at the price of one; a refusal in the place of one that is refused. */
  actorsOf(principals: readonly Principal[]): Promise<readonly (Actor | Error)[]>;
}

/** Claims that a signature holds for, and the key of it. */
interface Claimed extends TokenClaims {
  readonly keyId: string;
  readonly origin: string | null;
}

export interface AuthDependencies {
  readonly db: Sql;
  readonly clock: Clock;
  readonly secrets: Pick<SecretBox, 'open'>;
}

export function createAuthService({ db, clock, secrets }: AuthDependencies): AuthService {
  const keyring = createKeyring({ db, clock, secrets });
  const aheadClocks = createAheadClocks({ db, now: clock.now });
  const signatures = createSignatureMemory();
  const principals = createPrincipalSignatures(keyring.secretOf);

  const claimsOf = async ({ token, origin }: Credentials): Promise<Claimed> => {
    if (token === null || token === '') throw refused('no token was sent');
    const keyId = signatures.keyIdOf(token);
    const secret = await keyring.secretOf(keyId);
    if (secret === null) throw unknownKey(keyId);
    const claims = await signatures.claimsOf(token, secret);
    return { ...checkClaims(claims, clock.now()), keyId, origin };
  };

  const isGenuine: AuthService['isGenuine'] = async (token) => {
    if (signatures.has(token)) return true;
    try {
      const secret = await keyring.knownSecretOf(keyIdOf(token));
      if (secret === null) return false;
      await signatures.claimsOf(token, secret);
      return true;
    } catch {
      // Why it does not hold is said when it is looked at.
      return false;
    }
  };

  /** Who each of them is now; `principalOf` throws to refuse one. Users seen for the first time are made. */
  const judged = async <Asked extends Pick<Principal, 'keyId' | 'userId'>>(
    all: readonly (Asked | Error)[],
    principalOf: (asked: Asked, status: CredentialStatus) => Principal,
  ): Promise<readonly (Session | Error)[]> => {
    const asked = all.flatMap((one) => (one instanceof Error ? [] : [one]));
    const statuses = (asked.length === 0 ? [] : await readCredentialStatuses(db, asked)).values();
    const principals = all.map((one) => {
      if (one instanceof Error) return one;
      const status = statuses.next().value ?? null;
      if (status === null) return unknownKey(one.keyId);
      return errorOr(() => {
        const { user, settings } = status;
        return { principal: principalOf(one, status), role: user?.role ?? null, settings };
      });
    });
    const fresh = principals.flatMap((one) => {
      if (one instanceof Error || one.role !== null || one.principal.userId === null) return [];
      return [{ appId: one.principal.appId, userId: one.principal.userId }];
    });
    const roles = (await welcomeUsers(db, fresh)).values();
    return principals.map((one) => {
      if (one instanceof Error) return one;
      const { principal, role, settings } = one;
      const { appId, userId, scope } = principal;
      if (userId === null) return { principal, actor: { kind: 'server', appId, principal, settings } };
      const asServer = scope === 'server';
      const roleNow = role ?? roles.next().value ?? null;
      if (roleNow === null)
        return refused(`the id ${userId} is that of something else in the app, give the user another one`);
      return {
        principal,
        actor: {
          kind: 'user',
          appId,
          userId,
          role: roleNow,
          asServer,
          principal,
          settings,
        },
      };
    });
  };

  const openMany: AuthService['openMany'] = async (all) => {
    const claims = await Promise.all(all.map((one) => claimsOf(one).catch(toError)));
    await aheadClocks.note(claims.flatMap((one) => (one instanceof Error ? [] : [one])));
    const sessions = await judged(claims, ({ keyId, scope, userId, issuedAt, expiresAt, origin }, status) => {
      // Without "iat" nothing shows that the token is newer than a revocation.
      const checkedAt = clock.now() / 1_000;
      const principal = { appId: status.appId, keyId, scope, userId, issuedAt: issuedAt ?? 0, expiresAt, checkedAt };
      checkRevocation(principal, status);
      checkOrigin(origin, status);
      return principal;
    });
    return sessions.map((one) => (one instanceof Error ? one : withSight(one)));
  };

  /** As they stand now; an origin that is null was none, or is not looked at. */
  const stillValid = async (sessions: readonly OpenSession[]): Promise<readonly (Session | Error)[]> => {
    const genuine = await Promise.all(sessions.map(({ principal }) => principals.verify(principal)));
    return await judged<Principal & { readonly from: string | null }>(
      sessions.map(({ principal, origin }, index) => {
        if (genuine[index] !== true) return refused('the session was not opened by an API node of this platform');
        if (principal.expiresAt * 1_000 <= clock.now()) return refused('the token expired');
        return { ...principal, from: origin };
      }),
      ({ from, ...principal }, status) => {
        // Who holds the secret of a key can sign for it, and for nothing beyond its app.
        if (principal.appId !== status.appId) throw refused('the key is one of another app');
        checkRevocation(principal, status);
        checkOrigin(from, status);
        return principal;
      },
    );
  };

  const sign: AuthService['sign'] = async (principal) => {
    const signed = await principals.sign(principal);
    if (signed === null) throw unknownKey(principal.keyId);
    return signed;
  };

  const actorsOf: AuthService['actorsOf'] = async (principals) => {
    const sessions = await stillValid(principals.map((principal) => ({ principal, origin: null })));
    return sessions.map((one) => (one instanceof Error ? one : one.actor));
  };

  return {
    isGenuine,
    openMany,
    sign,
    actorsOf,
    check: async (sessions) =>
      (await stillValid(sessions)).map((one) => {
        if (one instanceof Error) return one;
        return sightOf(one.actor) === (one.principal.sight ?? 'all') ? null : 'again';
      }),
    open: async (token, origin) => only(await openMany([{ token, origin }])),
    actorOf: async (principal) => only(await actorsOf([principal])),
  };
}

function withSight({ actor, principal: seen }: Session): Session {
  const sight = sightOf(actor);
  if (sight === 'all') return { actor, principal: seen };
  const principal = { ...seen, sight };
  return { actor: { ...actor, principal }, principal };
}

function errorOr<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return toError(error);
  }
}

function only<T>(answers: readonly (T | Error)[]): T {
  const [answer] = answers;
  if (answer === undefined) throw new TypeError('an answer is missing');
  if (answer instanceof Error) throw answer;
  return answer;
}

const unknownKey = (keyId: string) =>
  refused(`the token is signed with an unknown key${/^[\w-]{1,64}$/.test(keyId) ? ` ${keyId}` : ''}`);

function checkRevocation(
  principal: Principal,
  { keyRevokedAt, keyAheadUntil, appValidAfter, user }: CredentialStatus,
): void {
  const { keyId, userId } = principal;
  if (keyRevokedAt !== null) throw refused(`the key ${keyId} was revoked at ${keyRevokedAt}`);
  checkAge(principal, keyAheadUntil, appValidAfter, 'all');
  checkAge(principal, keyAheadUntil, user?.validAfter ?? null, 'all of this user');
  if (user?.deletedAt) throw refused(`the user ${userId} was deleted at ${user.deletedAt}`);
}

/** Whether the token is newer than the last revocation of those that it is one of. */
function checkAge(
  { issuedAt, checkedAt = issuedAt }: Principal,
  aheadUntil: string | null,
  revokedUntil: string | null,
  which: string,
): void {
  if (revokedUntil === null) return;
  const until = Date.parse(revokedUntil);
  // It was made before it was seen here, whatever its maker's clock said.
  if (Math.min(issuedAt, checkedAt) * 1_000 <= until)
    throw refused(`the token was revoked, as ${which} that were issued until ${revokedUntil}`);
  if (aheadUntil !== null && isAmbiguous(issuedAt * 1_000, until, Date.parse(aheadUntil)))
    throw refused(
      `the token may be older than the revocation at ${revokedUntil}, for the clock that makes tokens of its key is ahead: set that clock right, or make a new token ${limits.tokenClockToleranceSeconds} s after it`,
    );
}

function checkOrigin(origin: string | null, { allowedOrigins }: CredentialStatus): void {
  if (origin === null || allowedOrigins.length === 0 || allowedOrigins.includes(origin)) return;
  throw new ParleyError(
    'forbidden',
    'unable to answer this website; its origin is not among the allowed origins of the app',
  );
}
