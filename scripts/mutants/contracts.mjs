// See list.mjs for what the fields mean.
const src = 'packages/contracts/src';

export const contractsMutants = [
  {
    id: 'matches-any-means-all',
    group: 'filter',
    breaks: '`containsAny` asks for every one of the members',
    file: `${src}/filter/matches.ts`,
    before: 'holds(filter.containsAny, (ids) => ids.some(',
    after: 'holds(filter.containsAny, (ids) => ids.every(',
    tests: [`${src}/filter/matches.test.ts`],
  },
  {
    id: 'matches-unread-of-nothing',
    group: 'filter',
    breaks: '`hasUnread` takes a channel that is read for an unread one',
    file: `${src}/filter/matches.ts`,
    before: 'viewer.unreadCount > 0 === expected',
    after: 'viewer.unreadCount >= 0 === expected',
    tests: [`${src}/filter/matches.test.ts`],
  },
  {
    id: 'matches-bound-inclusive',
    group: 'filter',
    breaks: '`gt` lets through what equals the bound',
    file: `${src}/filter/matches.ts`,
    before: 'number !== null && number > bound',
    after: 'number !== null && number >= bound',
    tests: [`${src}/filter/matches.test.ts`],
  },
  {
    id: 'matches-inherited-keys',
    group: 'filter',
    breaks: 'a path of a filter reaches what every JavaScript object has',
    file: `${src}/own-value.ts`,
    before: 'Object.hasOwn(object, key) ? object[key] : undefined',
    after: 'object[key]',
    tests: [`${src}/filter/matches.test.ts`],
  },
  {
    id: 'id-of-a-channel-with-anything',
    group: 'permission',
    breaks: 'a channel id holds characters that lead elsewhere on the bus',
    file: `${src}/ids.ts`,
    before: 'channelIdPattern = /^[a-z][a-z0-9-]{0,31}:[A-Za-z0-9_!-]{1,64}$/',
    after: 'channelIdPattern = /^[a-z][a-z0-9-]{0,31}:[A-Za-z0-9_!.*>-]{1,64}$/',
    tests: [`${src}/ids.test.ts`, `${src}/bus/subjects.test.ts`],
  },
];
