import type { Attack } from './attack.ts';
import { demotedAdmin, inventedUsers, probedKey } from './attacks/access.ts';
import { largeAnswer } from './attacks/answer-size.ts';
import { badInput, bigPing, deepBodies, deepPing } from './attacks/depth.ts';
import { halfOpen } from './attacks/half-open.ts';
import { hostileUser } from './attacks/hostile-user.ts';
import { deletedUser, lastKey, leakedKey } from './attacks/keys.ts';
import { busWithoutCredentials, operatorPages } from './attacks/operator-pages.ts';
import { cleartextUpgrade, smuggledRequest } from './attacks/smuggling.ts';
import { strangersDocuments, strangersIntrospection } from './attacks/strangers.ts';
import { deletedText, foreignEpoch } from './attacks/traces.ts';
import { knownWords } from './attacks/words.ts';

/** In the order of docs/security.md; those that load the machine come last. */
export const attacks: readonly Attack[] = [
  deepPing,
  bigPing,
  deepBodies,
  badInput,
  knownWords,
  smuggledRequest,
  cleartextUpgrade,
  deletedText,
  foreignEpoch,
  demotedAdmin,
  inventedUsers,
  probedKey,
  leakedKey,
  lastKey,
  deletedUser,
  operatorPages,
  busWithoutCredentials,
  strangersIntrospection,
  strangersDocuments,
  halfOpen,
  largeAnswer,
  hostileUser,
];
