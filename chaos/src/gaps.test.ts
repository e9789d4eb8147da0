import { expect, test } from 'vitest';
import { createWithheld, gapsIn } from './gaps.ts';

test('consecutive events are one gap', () => {
  expect(gapsIn(new Set())).toBe(0);
  expect(gapsIn(new Set([3, 5, 4, 9]))).toBe(2);
});

test('what was lost or held back makes gaps in its channel; a double and what is not logged do not', () => {
  const withheld = createWithheld();
  const note = (kind: 'lost' | 'held' | 'duplicated', subject: string, ...events: object[]) =>
    withheld.note({ kind, way: 'in', subject, payload: JSON.stringify({ events }) });
  note('lost', 'parley.app.channel.a', { seq: 1 }, { seq: 2 });
  note('held', 'parley.app.channel.a', { seq: 3 });
  note('lost', 'parley.app.channel.b', { seq: 4 });
  note('duplicated', 'parley.app.channel.a', { seq: 9 });
  note('lost', 'parley.app.channel.a', { __typename: 'TypingChanged' });
  note('lost', 'parley.app.user.ada', { seq: 7 });
  expect(withheld.gaps()).toBe(2);
});
