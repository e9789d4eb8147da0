import { ParleyError } from '@parley/contracts';

/** As the trigger on `users` says it (migrations/1791000000000-ids-of-their-own.ts). */
const takenState = 'PY001';

/** The sentence of a refusal; `what`: channel, app or key. */
const sentenceOf = (userId: string, what: string): string =>
  `the id ${userId} is that of ${what === 'app' ? 'the app' : `a ${what} of the app`}, give the user another one`;

/** A user cannot be made, since something else of the app has the id. */
export class UserIdTaken extends ParleyError {
  readonly userId: string;

  constructor(userId: string, what: string, details: { readonly field?: string; readonly cause?: unknown } = {}) {
    super('conflict', `unable to make the user; ${sentenceOf(userId, what)}`, { field: 'userId', ...details });
    this.userId = userId;
  }
}

/** What the database refused a user's row with; undefined for any other fault. */
export function userIdTaken(error: unknown): UserIdTaken | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== takenState) return undefined;
  const { detail, hint } = error as { readonly detail?: string; readonly hint?: string };
  return new UserIdTaken(detail ?? '', hint ?? 'channel', { cause: error });
}

/** To be caught with: says in the refusal of a user where the caller had named it. */
export const takenAt =
  (fieldOf: (userId: string) => string) =>
  (error: unknown): never => {
    if (!(error instanceof UserIdTaken)) throw error;
    const { code, message, userId, cause } = error;
    throw new ParleyError(code, message, { field: fieldOf(userId), cause });
  };
