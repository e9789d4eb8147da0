import { subjects } from '@parley/contracts/bus';
import type { Fault } from '../fault.ts';
import { createWithheld } from '../gaps.ts';
import { runOnFaultyBuses } from '../on-faulty-buses.ts';

const way = { loss: 0.05, reordering: 0.05, duplication: 0.02 };
/** Shorter than a fan-out node waits for a late copy before it asks, and longer, so that both happen. */
const heldMs = [5, 300] as const;
const mostQueriesPerGap = 2;

/**
 * Copies are lost, overtaken and doubled, either on the way out of an API node, where nobody gets them, or on the way into a fan-out node, where
 * only that node misses them. Typing is spared, which nobody can ask for again. Questions and answers are left alone here: a bus that loses those is away, which F3 and F6 are about.
 */
const lossyBus = (id: string, title: string, direction: 'out' | 'in', inShort: number): Fault => ({
  id,
  title,
  runs: { full: 1, short: inShort },
  run: (context) =>
    runOnFaultyBuses(context, async ({ random, short, wait, measure, broken }, buses) => {
      const fanouts = [...buses].filter(([node]) => node.startsWith('fanout')).map(([, bus]) => bus);
      const shaken = [...buses].filter(([node]) => node.startsWith(direction === 'out' ? 'api' : 'fanout'));
      const questions = () => fanouts.reduce((sum, { requests }) => sum + (requests.get(eventsRpc) ?? 0), 0);
      const before = questions();
      const withheld = shaken.map(([node, bus]) => {
        const stream = random.fork(node);
        const own = createWithheld();
        bus.onFault(own.note);
        bus.shake({ random: stream.next, [direction]: way, heldMs, spares: isTyping });
        return own;
      });
      await wait(short ? 3_500 : 45_000);
      for (const [, bus] of shaken) bus.heal();
      // A copy that never went out is a hole at each fan-out node that has a watcher; here both have watchers of every channel.
      const gaps = withheld.reduce((sum, one) => sum + one.gaps(), 0) * (direction === 'out' ? fanouts.length : 1);
      const asked = questions() - before;
      measure('gaps', gaps);
      measure('queries per gap', Number((asked / Math.max(1, gaps)).toFixed(2)));
      if (gaps === 0) broken('the bus withheld nothing');
      if (asked > gaps * mostQueriesPerGap) broken(`${asked} queries were made for ${gaps} gaps`);
    }),
});

const isTyping = (payload: string): boolean => payload.includes('"__typename":"TypingChanged"');

const eventsRpc = subjects.rpc('channel.events');

/** F4: the bus drops and shuffles copies. */
export const lossyBusFaults: readonly Fault[] = [
  lossyBus('F4a', 'the bus loses 5 %, reorders 5 %, doubles 2 %: on the way to each fan-out node', 'in', 1),
  lossyBus('F4b', 'the bus loses 5 %, reorders 5 %, doubles 2 %: on the way out of the API', 'out', 0),
];
