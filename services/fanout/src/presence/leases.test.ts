import { fakeClock } from '@parley/testkit';
import { expect, test, vi } from 'vitest';
import { tokenOf } from '../../test/fake-api.ts';
import { startWorld } from '../../test/world.ts';

async function leaseWorld() {
  const clock = fakeClock(Date.now());
  const world = await startWorld({ clock });
  const announced = (method: 'presence.renew' | 'presence.release') =>
    world.api.calls.flatMap((call) =>
      call.method === method ? [call.request.users.map(({ userId }) => userId).join()] : [],
    );
  const settle = async (until: () => void) => {
    await vi.waitFor(async () => {
      await clock.advanceAsync(100);
      until();
    });
  };
  return { ...world, clock, announced, settle };
}

test('the first socket of a user takes a lease at once, which is renewed every 10 s for 30 s', async () => {
  const { api, clock, connect, announced, settle } = await leaseWorld();
  await connect('ada');
  await settle(() => expect(announced('presence.renew')).toEqual(['ada']));
  await clock.advanceAsync(10_000);
  await clock.advanceAsync(10_000);
  await vi.waitFor(() => expect(announced('presence.renew')).toEqual(['ada', 'ada', 'ada']));
  expect(api.calls.find(({ method }) => method === 'presence.renew')?.request).toMatchObject({
    nodeId: 'node-1',
    ttlMs: 30_000,
  });
});

test('the lease is given up 5 s after the last socket, not when one of two goes', async () => {
  const { clock, connect, fanout, announced, settle } = await leaseWorld();
  const first = await connect('ada');
  const second = await connect('ada');
  await first.close();
  await clock.advanceAsync(6_000);
  expect(announced('presence.release')).toEqual([]);
  await second.close();
  await vi.waitFor(() => expect(fanout.stats().sessions).toBe(0));
  await clock.advanceAsync(4_000);
  expect(announced('presence.release')).toEqual([]);
  await clock.advanceAsync(1_000);
  await settle(() => expect(announced('presence.release')).toEqual(['ada']));
});

test('who is back within the grace was never gone', async () => {
  const { clock, connect, fanout, announced } = await leaseWorld();
  const before = await connect('ada');
  await before.close();
  await vi.waitFor(() => expect(fanout.stats().sessions).toBe(0));
  await clock.advanceAsync(4_000);
  await connect('ada');
  await clock.advanceAsync(8_000);
  expect(announced('presence.release')).toEqual([]);
});

test('a lease that could not be announced is announced again', async () => {
  const { api, connect, settle } = await leaseWorld();
  let failures = 1;
  api.before.set('presence.renew', () => {
    failures -= 1;
    if (failures >= 0) throw new Error('the API stumbles');
  });
  await connect('ada');
  await settle(() => expect(api.online.has('ada')).toBe(true));
});

test('after an API that was away nobody has to wait for the next turn to be present again', async () => {
  const { api, clock, connect, settle, announced } = await leaseWorld();
  await connect('ada');
  await settle(() => expect(api.online.has('ada')).toBe(true));
  api.before.set('presence.renew', () => Promise.reject(new Error('the API is away')));
  await clock.advanceAsync(40_000);
  api.before.clear();
  api.online.clear();
  const before = announced('presence.renew').length;
  await clock.advanceAsync(1_000);
  await vi.waitFor(() => expect(announced('presence.renew').length).toBeGreaterThan(before));
  await vi.waitFor(() => expect(api.online.has('ada')).toBe(true));
});

test('a server token makes nobody present', async () => {
  const { clock, raw, announced } = await leaseWorld();
  await raw().init(tokenOf({ userId: 'ada', scope: 'server' }));
  await clock.advanceAsync(20_000);
  expect(announced('presence.renew')).toEqual([]);
});

test('a node that shuts down gives up all its leases', async () => {
  const { api, connect, fanout, settle } = await leaseWorld();
  await connect('ada');
  await connect('bob');
  await settle(() => expect(api.online.size).toBe(2));
  await fanout.close();
  expect(api.online.size).toBe(0);
});
