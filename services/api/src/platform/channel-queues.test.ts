import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommandForm } from './channel-command.ts';
import { type ChannelQueuesOptions, createChannelQueues, type QueuedBatch } from './channel-queues.ts';

interface Entry {
  readonly name: string;
  readonly form: CommandForm;
  readonly since: number;
}

function queues(options: Partial<ChannelQueuesOptions> = {}) {
  const all = createChannelQueues<Entry>({
    patienceMs: 1_000,
    waitingInAll: 100,
    waitingEach: 50,
    batchSize: 8,
    apartMs: 500,
    ...options,
  });
  const add = (channelId: string, name: string, form: CommandForm = 'insert', since = 0) =>
    all.add('app', channelId, { name, form, since });
  return { ...all, add, isIdle: () => all.idle };
}

const namesIn = (batch: QueuedBatch<Entry> | null) => batch?.items.map(({ entry }) => entry.name);

describe('a joint batch', () => {
  test('holds rows of all channels that wait, each channel in its order, and a busy one no more than its share', () => {
    const { add, nextJoint } = queues();
    for (let index = 0; index < 20; index += 1) add('busy', `busy ${index}`);
    add('a', 'a 0');
    add('b', 'b 0');
    add('b', 'b 1');
    expect(namesIn(nextJoint(0))).toEqual(['busy 0', 'busy 1', 'a 0', 'b 0', 'b 1']);
    expect(nextJoint(0)).toBeNull();
  });

  test('leaves what needs statements to a batch of its own channel, and does not overtake it', () => {
    const { add, nextJoint, nextOwn, giveBack } = queues();
    add('a', 'send');
    add('a', 'edit', 'statements');
    add('a', 'send again');
    const first = nextJoint(0);
    expect(namesIn(first)).toEqual(['send']);
    expect(nextOwn(0)).toBeNull();
    if (first !== null) giveBack(first, [], 0);
    expect(nextJoint(0)).toBeNull();
    const second = nextOwn(0);
    expect([second?.form, namesIn(second)]).toEqual(['statements', ['edit']]);
    if (second !== null) giveBack(second, [], 0);
    expect(namesIn(nextJoint(0))).toEqual(['send again']);
  });
});

describe('an own batch', () => {
  test('is of one channel, and one entry that goes alone has it to itself', () => {
    const { add, nextOwn } = queues();
    add('a', 'one', 'alone');
    add('a', 'two', 'alone');
    add('b', 'three', 'statements');
    add('b', 'four', 'statements');
    expect(namesIn(nextOwn(0))).toEqual(['one']);
    expect(namesIn(nextOwn(0))).toEqual(['three', 'four']);
  });

  test('takes the rows of a channel whose row somebody else held, for as long as it is kept apart', () => {
    const { add, nextJoint, nextOwn, giveBack } = queues();
    add('a', 'one');
    const passed = nextJoint(0);
    if (passed === null) throw new Error('there is no batch');
    giveBack(
      passed,
      passed.items.map((item) => ({ ...item, held: true })),
      0,
    );
    expect(nextJoint(1)).toBeNull();
    const waiting = nextOwn(1);
    expect([waiting?.form, namesIn(waiting)]).toEqual(['insert', ['one']]);
    if (waiting !== null) giveBack(waiting, [], 1);
    add('a', 'two', 'insert', 499);
    const apart = nextOwn(499);
    expect(namesIn(apart)).toEqual(['two']);
    if (apart !== null) giveBack(apart, [], 499);
    add('a', 'three', 'insert', 500);
    expect(namesIn(nextJoint(500))).toEqual(['three']);
  });
});

test('what goes again comes before what came meanwhile', () => {
  const { add, nextJoint, nextOwn, giveBack } = queues();
  add('a', 'one');
  add('a', 'two');
  const batch = nextJoint(0);
  add('a', 'three', 'statements');
  if (batch !== null)
    giveBack(
      batch,
      batch.items.map(({ queue, entry }) => ({ queue, entry: { ...entry, form: 'statements' }, held: false })),
      0,
    );
  expect(namesIn(nextOwn(0))).toEqual(['one', 'two', 'three']);
});

test('what waited for too long is told apart, and makes room', () => {
  const { add, nextJoint, giveBack, isIdle } = queues({ waitingInAll: 2 });
  expect([add('a', 'old'), add('a', 'new', 'insert', 500), add('b', 'too many', 'insert', 500)]).toEqual([
    true,
    true,
    false,
  ]);
  const batch = nextJoint(1_001);
  expect([batch?.late.map(({ entry }) => entry.name), namesIn(batch)]).toEqual([['old'], ['new']]);
  expect([add('a', 'x', 'insert', 1_001), add('b', 'y', 'insert', 1_001), add('b', 'z', 'insert', 1_001)]).toEqual([
    true,
    true,
    false,
  ]);
  if (batch !== null) giveBack(batch, [], 1_001);
  for (let next = nextJoint(1_001); next !== null; next = nextJoint(1_001)) giveBack(next, [], 1_001);
  expect(isIdle()).toBe(true);
});

test('one channel may not hold more than its part', () => {
  const { add } = queues({ waitingEach: 1 });
  expect([add('a', 'one'), add('a', 'two'), add('b', 'three')]).toEqual([true, false, true]);
});

test('whatever comes in whatever form, each entry is taken once, in the order of its channel, and no channel has two batches', () => {
  const form = fc.constantFrom<CommandForm>('insert', 'statements', 'alone');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), channel: fc.nat(3), form }),
    fc.record({ kind: fc.constantFrom('joint' as const, 'own' as const, 'back' as const), held: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { add, nextJoint, nextOwn, giveBack, isIdle } = queues({ patienceMs: 1e6 });
      const added: string[] = [];
      const done: string[] = [];
      const out: QueuedBatch<Entry>[] = [];
      const take = (batch: QueuedBatch<Entry> | null) => {
        if (batch === null) return false;
        for (const { key } of batch.queues)
          expect(out.some((other) => other.queues.some((queue) => queue.key === key))).toBe(false);
        expect(batch.items.every(({ entry }) => entry.form === batch.form)).toBe(true);
        out.push(batch);
        return true;
      };
      const end = (held: boolean, now: number) => {
        const batch = out.shift();
        if (batch === undefined) return;
        const again = held && batch.kind === 'joint';
        if (!again) for (const { entry } of batch.items) done.push(entry.name);
        giveBack(batch, again ? batch.items.map((item) => ({ ...item, held })) : [], now);
      };
      for (const [now, one] of steps.entries()) {
        if (one.kind === 'add') {
          const name = `${one.channel} ${added.length}`;
          if (add(`${one.channel}`, name, one.form, now)) added.push(name);
        } else if (one.kind === 'back') end(one.held, now);
        else take(one.kind === 'joint' ? nextJoint(now) : nextOwn(now));
      }
      for (let more = true; more; ) {
        more = take(nextJoint(1_000)) || take(nextOwn(1_000)) || out.length > 0;
        end(false, 1_000);
      }
      expect(isIdle()).toBe(true);
      for (const channel of ['0', '1', '2', '3']) {
        const own = (names: readonly string[]) => names.filter((name) => name.startsWith(`${channel} `));
        expect(own(done)).toEqual(own(added));
      }
    }),
  );
});
