// See list.mjs for what the fields mean.
const inbox = 'services/api/src/modules/inbox';

export const usersMutants = [
  {
    id: 'totals-of-another-user',
    group: 'users',
    breaks: 'many who open their inboxes at once are given the unread totals of each other',
    file: `${inbox}/unread.ts`,
    before: 'return users.flatMap((user) => ofUsers.get(keyOf(user)) ?? []);',
    after: 'return ofUsers.size > 0 ? rows : [];',
    tests: [`${inbox}/worked-example.test.ts`],
  },
  {
    id: 'log-shows-users-of-then',
    group: 'users',
    breaks: 'a page of the log has ids in the place of users',
    file: 'services/api/src/modules/messages/log-pages.ts',
    before: 'cut(await wholeEvents.withUsers(sql, logs), mostBytes)',
    after: 'cut(logs.map(({ events }) => events), mostBytes)',
    tests: ['services/api/src/modules/users/changed-users.test.ts'],
  },
  {
    id: 'inbox-tells-strangers',
    group: 'users',
    breaks: 'an inbox that is opened again tells of users with whom its owner shares no channel',
    file: `${inbox}/changed-users.ts`,
    before: 't.app_id = own.app_id AND t.channel_id = own.channel_id',
    after: 't.app_id = own.app_id',
    tests: ['services/api/src/modules/users/changed-users.test.ts'],
  },
  {
    id: 'whole-users-stored',
    group: 'users',
    breaks: 'the log keeps names, of deleted users too',
    file: 'services/api/src/platform/event-texts.ts',
    before: 'const idOf = ({ id }: User): User => ({ id }) as User;',
    after: 'const idOf = (user: User): User => user;',
    tests: ['services/api/src/platform/event-texts.test.ts'],
  },
];
