import { expect, test } from 'vitest';
import { type BusService, busPermissions, type SubjectPermissions } from './subject-permissions.ts';
import { reservedChannel, subjects } from './subjects.ts';

const matches = (pattern: string, subject: string): boolean => {
  const [tokens, parts] = [pattern.split('.'), subject.split('.')];
  if (tokens.at(-1) === '>')
    return (
      parts.length >= tokens.length &&
      matches(tokens.slice(0, -1).join('.'), parts.slice(0, tokens.length - 1).join('.'))
    );
  return tokens.length === parts.length && tokens.every((token, at) => token === '*' || token === parts[at]);
};
const permits = ({ allow, deny = [] }: SubjectPermissions, subject: string): boolean =>
  allow.some((pattern) => matches(pattern, subject)) && !deny.some((pattern) => matches(pattern, subject));

/** Who may say and who may hear each subject; a new subject has to be given its place here. */
const places: {
  readonly [Name in keyof typeof subjects]: readonly (readonly [
    subject: string,
    says: BusService,
    hears: BusService,
  ])[];
} = {
  channel: [
    [subjects.channel('app', 'messaging:room'), 'api', 'fanout'],
    [subjects.channel(reservedChannel.appId, reservedChannel.channelId), 'fanout', 'fanout'],
  ],
  user: [[subjects.user('app', 'ada.b'), 'api', 'fanout']],
  presence: [[subjects.presence('app', 'ada'), 'api', 'fanout']],
  app: [[subjects.app('app'), 'api', 'fanout']],
  changes: [[subjects.changes(), 'api', 'api']],
  heartbeats: [[subjects.heartbeats(), 'fanout', 'fanout']],
  rpc: ['session.open', 'channel.join', 'presence.read', 'graphql.execute', 'channel.recentReads'].map(
    (method) => [subjects.rpc(method), 'fanout', 'api'] as const,
  ),
};

test.each(Object.values(places).flat())('%s is said by %s alone and heard by %s alone', (subject, says, hears) => {
  for (const service of ['api', 'fanout'] as const) {
    expect([service, permits(busPermissions[service].publish, subject)]).toEqual([service, service === says]);
    expect([service, permits(busPermissions[service].subscribe, subject)]).toEqual([service, service === hears]);
  }
});

test('answers go from the API to fan-out, and nobody reaches what is not ours', () => {
  const answer = '_INBOX.ABC.1';
  expect([permits(busPermissions.api.publish, answer), permits(busPermissions.fanout.subscribe, answer)]).toEqual([
    true,
    true,
  ]);
  expect([permits(busPermissions.fanout.publish, answer), permits(busPermissions.api.subscribe, answer)]).toEqual([
    false,
    false,
  ]);
  for (const service of Object.values(busPermissions))
    for (const subject of ['$SYS.REQ.SERVER.PING', 'other.app', 'parley'])
      for (const permission of [service.publish, service.subscribe]) expect(permits(permission, subject)).toBe(false);
});
