import { setTimeout as delay } from 'node:timers/promises';
import { reservedChannel } from '@parley/contracts/bus';
import type { BusFaultProfile } from '@parley/testkit';
import type { Fault } from '../fault.ts';
import { runOnFaultyBuses } from '../on-faulty-buses.ts';

/** Within which the canary says that a path is broken; the promise of the fault table. */
const alarmWithinMs = 10_000;
const clearWithinMs = 5_000;
const lookEveryMs = 100;
const hurt = 'fanout-1';

type Spares = NonNullable<BusFaultProfile['spares']>;

/** The bus says that it is well and does not deliver to one fan-out node; no one but the canary would notice. */
const silentPath = (id: string, title: string, alarm: RegExp, sparesOf: (ownId: string) => Spares): Fault => ({
  id,
  title,
  runs: { full: 1, short: 0 },
  run: (context) =>
    runOnFaultyBuses(context, async ({ world, random, measure, broken }, buses) => {
      const [other = '', node = ''] = world.places.map(
        (place) => new URL('/', place.subscriptionsUrl.replace('ws:', 'http:')).href,
      );
      const bus = buses.get(hurt);
      if (bus === undefined) throw new Error(`unable to break a path; there is no ${hurt}`);
      const { nodeId } = await answerOf<{ nodeId: string }>(`${node}doctor`);
      const until = async (wanted: boolean, withinMs: number): Promise<void> => {
        const from = performance.now();
        for (;;) {
          const { ok, checks } = await answerOf<{ ok: boolean; checks: Record<string, string> }>(`${node}readyz`);
          const ms = Math.round(performance.now() - from);
          if (!(await answerOf<{ ok: boolean }>(`${other}readyz`)).ok)
            return broken('the whole node said that it was not ready');
          if (ok === wanted) {
            if (!wanted && !alarm.test(checks['canary'] ?? ''))
              broken(`the alarm does not name the path: ${checks['canary']}`);
            return measure(wanted ? 'cleared after, ms' : 'alarmed after, ms', ms);
          }
          if (ms > withinMs) return broken(`after ${ms} ms the canary had not ${wanted ? 'cleared' : 'alarmed'}`);
          await delay(lookEveryMs);
        }
      };
      bus.shake({ random: random.next, in: { loss: 1 }, spares: sparesOf(nodeId) });
      await until(false, alarmWithinMs);
      bus.heal();
      await until(true, clearWithinMs);
    }),
});

async function answerOf<Answer>(url: string): Promise<Answer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  // Pages of our own services.
  return (await response.json()) as Answer;
}

/** F15a: nothing that is published arrives there. */
export const deafNode = silentPath(
  'F15a',
  'the bus silently stops delivering to one fan-out node',
  /unable to hear itself through the fan-out path/,
  () => () => false,
);

/** F15b: what one node publishes does not arrive at another, but for its heartbeats. */
export const unheardNode = silentPath(
  'F15b',
  'one way between two fan-out nodes is silently broken',
  /unable to hear node [\w-]+ through the fan-out path/,
  (ownId) => (payload) => !payload.includes(reservedChannel.channelId) || payload.includes(ownId),
);
