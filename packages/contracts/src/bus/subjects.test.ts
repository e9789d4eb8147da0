import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subjects } from './subjects.ts';

const appId = fc.stringMatching(/^[A-Za-z0-9_-]{1,30}$/);
const userId = fc.stringMatching(/^[A-Za-z0-9@_.:-]{1,40}$/);
const channelId = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/), fc.stringMatching(/^[A-Za-z0-9_!-]{1,20}$/))
  .map((parts) => parts.join(':'));

const subject = fc.oneof(
  fc.record({ kind: fc.constant('channel'), appId, id: channelId }),
  fc.record({ kind: fc.constant('user'), appId, id: userId }),
  fc.record({ kind: fc.constant('presence'), appId, id: userId }),
  fc.record({ kind: fc.constant('app'), appId, id: fc.constant('') }),
);

function subjectOf({ kind, appId: app, id }: { kind: string; appId: string; id: string }): string {
  if (kind === 'channel') return subjects.channel(app, id);
  if (kind === 'user') return subjects.user(app, id);
  return kind === 'presence' ? subjects.presence(app, id) : subjects.app(app);
}

test('no two things share a subject', () => {
  fc.assert(
    fc.property(subject, subject, (one, other) => {
      expect(subjectOf(one) === subjectOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { numRuns: 500 },
  );
});

test('users whose ids differ only in what is replaced stay apart', () => {
  const ids = ['a.b', 'a:b', 'a-b', 'a_b', 'a@b', 'ab', '.', '..', 'a.', '.a'];
  expect(new Set(ids.map((id) => subjects.user('app', id))).size).toBe(ids.length);
});

test('every subject is made of legal tokens and has no wildcard', () => {
  fc.assert(fc.property(subject, (one) => /^[^\s.*>]+(\.[^\s.*>]+)*$/.test(subjectOf(one))));
  expect(subjectOf({ kind: 'user', appId: 'app', id: 'a.b' })).toBe('parley.app.user.a~b');
});

test('requests go where no app can listen', () => {
  expect(subjects.rpc('session.open')).toBe('parley.rpc.session.open');
  fc.assert(fc.property(subject, (one) => one.appId === 'rpc' || !subjectOf(one).startsWith('parley.rpc.')));
});
