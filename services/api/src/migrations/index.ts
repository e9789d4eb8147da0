import { InitialSchema1767225600000 } from './1767225600000-initial-schema.ts';
import { ChannelsByType1767312000000 } from './1767312000000-channels-by-type.ts';
import { RecentChanges1767398400000 } from './1767398400000-recent-changes.ts';
import { LogWithoutWords1767484800000 } from './1767484800000-log-without-words.ts';
import { LogEpoch1767488400000 } from './1767488400000-log-epoch.ts';
import { People1767571200000 } from './1767571200000-people.ts';
import { KeysAndAccess1767657600000 } from './1767657600000-keys-and-access.ts';
import { DurableConsumers1790000000000 } from './1790000000000-durable-consumers.ts';
import { IdsOfTheirOwn1791000000000 } from './1791000000000-ids-of-their-own.ts';
import { ChangedUsers1791100000000 } from './1791100000000-changed-users.ts';
import { FoldText1791200000000 } from './1791200000000-fold-text.ts';
import { ChangedUsersAlone1791300000000 } from './1791300000000-changed-users-alone.ts';

/** In the order in which they run. */
export const migrations = [
  InitialSchema1767225600000,
  ChannelsByType1767312000000,
  RecentChanges1767398400000,
  LogWithoutWords1767484800000,
  LogEpoch1767488400000,
  People1767571200000,
  KeysAndAccess1767657600000,
  DurableConsumers1790000000000,
  IdsOfTheirOwn1791000000000,
  ChangedUsers1791100000000,
  FoldText1791200000000,
  ChangedUsersAlone1791300000000,
];

/** As the database knows those that it has had. */
export const migrationNames: readonly string[] = migrations.map((Migration) => new Migration().name);
