import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { type BusFault, type CarriedBus, createFaultyBus } from './faulty-bus.ts';
import { seededRandom } from './seeded-random.ts';

/** A bus that delivers within the call. */
function plainBus(): CarriedBus {
  const emitter = new EventEmitter();
  return {
    connected: true,
    publish: async (subject, payload) => void emitter.emit(subject, payload),
    subscribe(subject, handler) {
      emitter.on(subject, handler);
      return { ready: Promise.resolve(), unsubscribe: () => emitter.off(subject, handler) };
    },
    request: async (_subject, payload) => payload,
    respond: () => ({ ready: Promise.resolve(), unsubscribe: () => undefined }),
    onStatus: () => () => undefined,
    close: async () => undefined,
  };
}

/** What arrives of 2,000 copies under faults with this seed, and the fault of each. */
async function carried(seed: number, way: 'out' | 'in') {
  const bus = createFaultyBus(plainBus());
  const arrived: string[] = [];
  const faults: BusFault[] = [];
  bus.onFault((fault) => faults.push(fault));
  bus.subscribe('subject', (payload) => arrived.push(payload));
  bus.shake({ random: seededRandom(seed), [way]: { loss: 0.05, duplication: 0.02, reordering: 0.05 }, heldMs: [1, 5] });
  for (let index = 0; index < 2_000; index += 1) await bus.publish('subject', `${index}`);
  bus.heal();
  return { arrived, mishaps: faults };
}

test.each(['out', 'in'] as const)(
  'copies on their way %s are lost, doubled and overtaken as often as asked',
  async (way) => {
    const { arrived, mishaps: faults } = await carried(1, way);
    const count = (kind: string) => faults.filter((fault) => fault.kind === kind).length;
    for (const [kind, expected] of [
      ['lost', 100],
      ['duplicated', 40],
      ['held', 95],
    ] as const) {
      expect(count(kind), kind).toBeGreaterThan(expected * 0.6);
      expect(count(kind), kind).toBeLessThan(expected * 1.4);
    }
    expect(arrived).toHaveLength(2_000 - count('lost') + count('duplicated'));
    expect(new Set(arrived).size).toBe(2_000 - count('lost'));
    expect(arrived).not.toEqual(arrived.toSorted((one, other) => Number(one) - Number(other)));
  },
);

test('the same seed does the same to the same copies, another one does not', async () => {
  const fate = async (seed: number) => (await carried(seed, 'in')).mishaps.map(({ kind, payload }) => kind + payload);
  const first = await fate(7);
  expect(await fate(7)).toEqual(first);
  expect(await fate(8)).not.toEqual(first);
});

test('a message that is spared goes through', async () => {
  const bus = createFaultyBus(plainBus());
  const arrived: string[] = [];
  bus.subscribe('subject', (payload) => arrived.push(payload));
  bus.shake({ random: seededRandom(1), in: { loss: 1 }, spares: (payload) => payload === 'dear' });
  for (const payload of ['cheap', 'dear']) await bus.publish('subject', payload);
  expect(arrived).toEqual(['dear']);
});

test('what is held arrives by itself, but not at who has left', async () => {
  const bus = createFaultyBus(plainBus());
  const staying: string[] = [];
  const leaving: string[] = [];
  bus.subscribe('subject', (payload) => staying.push(payload));
  const left = bus.subscribe('subject', (payload) => leaving.push(payload));
  bus.shake({ random: seededRandom(1), in: { reordering: 1 }, heldMs: [5, 10] });
  await bus.publish('subject', 'late');
  expect(staying).toEqual([]);
  left.unsubscribe();
  await vi.waitFor(() => expect(staying).toEqual(['late']));
  expect(leaving).toEqual([]);
});

test('while it is cut nothing goes out or comes in, and everybody on this side is notified', async () => {
  const inner = plainBus();
  const bus = createFaultyBus(inner);
  const arrived: string[] = [];
  const reported: boolean[] = [];
  bus.subscribe('subject', (payload) => arrived.push(payload));
  bus.onStatus((connected) => reported.push(connected));
  bus.cut();
  expect(bus.connected).toBe(false);
  await expect(bus.publish('subject', 'out')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(bus.request('subject', 'question', { timeoutMs: 10 })).rejects.toMatchObject({ code: 'unavailable' });
  await inner.publish('subject', 'in');
  bus.heal();
  await bus.publish('subject', 'back');
  expect(arrived).toEqual(['back']);
  expect(reported).toEqual([false, true]);
});

test('a lost request runs into its deadline, whether or not it was answered', async () => {
  const bus = createFaultyBus(plainBus());
  bus.shake({ random: seededRandom(3), requestLoss: 0.5 });
  const asked = Array.from({ length: 40 }, () => bus.request('subject', 'question', { timeoutMs: 5 }));
  const answers = await Promise.allSettled(asked);
  const lost = answers.filter(({ status }) => status === 'rejected');
  expect(lost.length).toBeGreaterThan(10);
  expect(lost.length).toBeLessThan(30);
  expect(lost[0]).toMatchObject({ reason: { code: 'timeout' } });
  expect(bus.requests.get('subject')).toBe(40);
});
