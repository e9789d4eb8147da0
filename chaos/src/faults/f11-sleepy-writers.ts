import type { Fault } from '../fault.ts';
import { startNaiveRelay } from '../outbox/naive-relay.ts';
import { judgeRelay } from '../outbox/relay-check.ts';
import { openRelayRoom } from '../outbox/relay-room.ts';
import { writeSleepily } from '../outbox/sleepy-writers.ts';

const writers = 64;
const sweptWithinMs = 60_000;

/**
 * Rows of the outbox become visible in an order that has nothing to do with their ids: 64 transactions at once insert, sleep, then commit or roll
 * back. The sweeps of two nodes, which nobody helps, must find every one. A relay that reads `id > last` beside them must not: if it did, the run
 * would prove nothing.
 */
export const sleepyWriters: Fault = {
  id: 'F11',
  title: '64 writers sleep between insert and commit, or roll back; a naive relay misses rows, the sweep none',
  runs: { full: 1, short: 1 },
  async run({ random, short, worlds, log }) {
    const room = await openRelayRoom({ worlds, channels: 40, followed: 8 });
    try {
      const naive = await startNaiveRelay(room.databaseUrl);
      const startedAt = performance.now();
      const { committed, rolledBack } = await writeSleepily({
        databaseUrl: room.databaseUrl,
        appId: room.tenant.appId,
        channelIds: room.channelIds,
        writers,
        rows: short ? 4_000 : 100_000,
        sleepMs: 20,
        rollbacks: 0.1,
        random,
      });
      const seconds = (performance.now() - startedAt) / 1_000;
      log(`${committed.length} rows are committed, ${rolledBack} transactions were rolled back`);
      const wholeAt = performance.now();
      const violations = await room.settle(sweptWithinMs);
      const convergedMs = violations.length === 0 ? Math.round(performance.now() - wholeAt) : null;
      const naively = judgeRelay(committed, await naive.stop());
      const swept = judgeRelay(committed, room.heard);
      if (swept.lost > 0)
        violations.push({ breach: 'lost', detail: `the sweep never gave out ${swept.lost} committed rows` });
      if (swept.phantom > 0)
        violations.push({
          breach: 'phantom',
          detail: `the sweep gave out ${swept.phantom} rows that were rolled back`,
        });
      if (naively.lost === 0)
        violations.push({ breach: 'promise', detail: 'the naive relay missed nothing, so this run proves nothing' });
      return {
        acknowledged: committed.length,
        violations,
        convergedMs,
        figures: {
          'rows a second': Math.round(committed.length / seconds),
          'rolled back': rolledBack,
          'given out twice': swept.repeated,
          'late on the bus': swept.late,
          'missed by the naive relay': naively.lost,
        },
      };
    } finally {
      await room.close();
    }
  },
};
