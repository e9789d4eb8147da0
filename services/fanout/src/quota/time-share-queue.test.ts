import { silentLogger } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { TimeShareQueue, type WorkOwner } from './time-share-queue.ts';

function queue() {
  const clock = fakeClock();
  const order: string[] = [];
  let now = 0;
  const fair = new TimeShareQueue({ clock, logger: silentLogger(), stopwatch: () => now });
  const owner = (): WorkOwner & { owedMs: number; spentMs: number } => ({
    owedMs: 0,
    spentMs: 0,
    spent(ms) {
      this.spentMs += ms;
    },
  });
  const work = (name: string, ms = 0) => ({
    run: () => {
      order.push(name);
      now += ms;
    },
    late: () => order.push(`${name} late`),
  });
  return { clock, order, fair, owner, work };
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

test('owners take turns, however much one of them has asked for', async () => {
  const { order, fair, owner, work } = queue();
  const [hostile, ada, bob] = [owner(), owner(), owner()];
  for (let n = 0; n < 100; n += 1) fair.add(hostile, work(`hostile ${n}`));
  fair.add(ada, work('ada'));
  fair.add(bob, work('bob'));
  expect(order).toEqual([]);
  await turns(1);
  expect(order.slice(0, 4)).toEqual(['hostile 0', 'ada', 'bob', 'hostile 1']);
  expect(order).toHaveLength(102);
  expect(fair.size).toBe(0);
});

test('sockets are looked at between slices of work, and who comes then is next', async () => {
  const { order, fair, owner, work } = queue();
  const [hostile, ada] = [owner(), owner()];
  for (let n = 0; n < 20; n += 1) fair.add(hostile, work(`hostile ${n}`, 5));
  await Promise.resolve();
  setImmediate(() => fair.add(ada, work('ada')));
  await turns(3);
  expect(order.indexOf('ada')).toBeLessThanOrEqual(5);
  await turns(10);
  expect(order).toHaveLength(21);
});

test('work is paid for in time, and who owes waits while others go on', async () => {
  const { clock, order, fair, owner, work } = queue();
  const [hostile, ada] = [owner(), owner()];
  fair.add(hostile, work('hostile', 30));
  await turns(2);
  expect(hostile.spentMs).toBe(30);
  hostile.owedMs = 500;
  fair.add(hostile, work('waits'));
  fair.add(ada, work('ada'));
  await turns(1);
  expect(order).toEqual(['hostile', 'ada']);
  hostile.owedMs = 0;
  clock.advance(500);
  await turns(1);
  expect(order).toEqual(['hostile', 'ada', 'waits']);
});

test('a process that was stopped does not count as work', async () => {
  const { fair, owner, work } = queue();
  const ada = owner();
  fair.add(ada, work('stopped', 60_000));
  await turns(1);
  expect(ada.spentMs).toBe(100);
});

test('what waited for too long is said to be late; what was given up is not', async () => {
  const { clock, order, fair, owner, work } = queue();
  const hostile = owner();
  hostile.owedMs = 11_000;
  fair.add(hostile, work('one'));
  fair.add(hostile, work('two'))();
  await turns(1);
  hostile.owedMs = 0;
  clock.advance(11_000);
  await turns(1);
  expect(order).toEqual(['one late']);
  expect([fair.size, clock.pending]).toEqual([0, 0]);
});

test('a turn that somebody awaits lasts until they await something else', async () => {
  const { order, fair, owner, work } = queue();
  const [ada, bob] = [owner(), owner()];
  const replay = async () => {
    await fair.turn(ada);
    order.push('replay 1');
    await fair.turn(ada);
    order.push('replay 2');
  };
  void replay();
  fair.add(bob, work('bob 1'));
  fair.add(bob, work('bob 2'));
  await turns(1);
  expect(order).toEqual(['replay 1', 'bob 1', 'replay 2', 'bob 2']);
});

test('work that fails is its own affair', async () => {
  const { order, fair, owner, work } = queue();
  const ada = owner();
  const fault = new Error('broken');
  fair.add(ada, {
    run: () => {
      throw fault;
    },
    late: () => undefined,
  });
  fair.add(ada, work('next'));
  await turns(1);
  expect(order).toEqual(['next']);
});
