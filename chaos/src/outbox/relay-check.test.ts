import { expect, test } from 'vitest';
import { judgeRelay } from './relay-check.ts';

const log = (channelId: string, ...seqs: readonly number[]) => seqs.map((seq) => ({ channelId, seq, mark: seq * 7 }));
const committed = [...log('a', 1, 2, 3), ...log('b', 1)];

test('a relay that gives out each event once and in order has no fault', () => {
  const given = [...log('a', 1, 2), ...log('b', 1), ...log('a', 3)];
  expect(judgeRelay(committed, given)).toEqual({ committed: 4, lost: 0, repeated: 0, phantom: 0, late: 0 });
});

test('what is missing, doubled, late or made up is counted', () => {
  const given = [...log('a', 1, 3, 1, 2), { channelId: 'a', seq: 2, mark: 99 }];
  expect(judgeRelay(committed, given)).toEqual({ committed: 4, lost: 1, repeated: 1, phantom: 1, late: 1 });
});
