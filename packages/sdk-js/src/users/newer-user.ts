import type { MapUser, User } from '@parley/contracts';

/** Puts the user in the place of what was known of the same user, unless that is newer. */
export const newerUser =
  (user: User): MapUser =>
  (known) =>
    known.id === user.id && known.updatedAt < user.updatedAt ? user : known;
