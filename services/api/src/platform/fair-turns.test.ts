import { expect, test } from 'vitest';
import { createFairTurns, type FairTurnsBounds, type Owner } from './fair-turns.ts';

function turns(bounds: Partial<FairTurnsBounds> = {}) {
  const fair = createFairTurns<string>({ places: 2, waitingEach: 10, waitingInAll: 100, ...bounds });
  const began: string[] = [];
  const holders = new Map<string, Owner<string>>();
  const begin = (owner: Owner<string>, call: string) => {
    holders.set(call, owner);
    began.push(call);
  };
  return {
    fair,
    began,
    /** A call of the owner before the colon. */
    ask(call: string, most = 2) {
      const [name = ''] = call.split(':');
      const owner = fair.begin(name, most);
      if (owner === undefined) return fair.wait(name, most, call);
      begin(owner, call);
      return owner;
    },
    end(call: string) {
      const owner = holders.get(call);
      if (owner === undefined) throw new Error(`${call} holds no place`);
      fair.end(owner);
      for (let turn = fair.next(); turn !== undefined; turn = fair.next()) begin(turn.owner, turn.call);
    },
  };
}

test('a free place is taken at once, and a call behind others of its owner waits even then', () => {
  const { ask, began } = turns({ places: 3 });
  ask('eve:0', 1);
  ask('eve:1', 1);
  ask('eve:2', 3);
  ask('ada:0');
  expect(began).toEqual(['eve:0', 'ada:0']);
});

test('a place that comes free goes to the owner who was served longest ago', () => {
  const { ask, end, began } = turns({ places: 1 });
  for (const call of ['eve:0', 'eve:1', 'eve:2', 'ada:0', 'ada:1', 'bob:0']) ask(call);
  for (const call of ['eve:0', 'eve:1', 'ada:0', 'bob:0', 'eve:2']) end(call);
  expect(began).toEqual(['eve:0', 'eve:1', 'ada:0', 'bob:0', 'eve:2', 'ada:1']);
});

test('an owner who holds all that it may is passed over and keeps its turn', () => {
  const { ask, end, began } = turns({ places: 2 });
  for (const call of ['eve:0', 'joe:0']) ask(call, 1);
  for (const call of ['eve:1', 'ada:0']) ask(call, 1);
  end('joe:0');
  expect(began).toEqual(['eve:0', 'joe:0', 'ada:0']);
  end('eve:0');
  expect(began.at(-1)).toBe('eve:1');
});

test('a call that no longer waits is not begun, and those behind it are', () => {
  const { fair, ask, end, began } = turns({ places: 1 });
  ask('eve:0');
  const eve = ask('eve:1');
  ask('eve:2');
  if (typeof eve === 'string') throw new Error('eve:1 was refused');
  fair.remove(eve, 'eve:1');
  fair.remove(eve, 'eve:1');
  end('eve:0');
  expect(began).toEqual(['eve:0', 'eve:2']);
});

test('a refusal names the bound, and a call that was removed makes room', () => {
  const { fair, ask } = turns({ places: 1, waitingEach: 1, waitingInAll: 2 });
  ask('eve:0');
  ask('eve:1');
  expect(ask('eve:2')).toBe('owner_full');
  const ada = ask('ada:0');
  expect(ask('bob:0')).toBe('all_full');
  if (typeof ada === 'string') throw new Error('ada:0 was refused');
  fair.remove(ada, 'ada:0');
  expect(ask('bob:1')).toMatchObject({ name: 'bob' });
});

test('only owners who hold a place or wait for one are remembered, and nobody who was refused', () => {
  const { fair, ask, end } = turns({ places: 1, waitingInAll: 1 });
  ask('eve:0');
  ask('eve:1');
  for (let at = 0; at < 100; at += 1) expect(ask(`user-${at}:0`)).toBe('all_full');
  expect(fair.size).toBe(1);
  end('eve:0');
  end('eve:1');
  expect(fair.size).toBe(0);
});
