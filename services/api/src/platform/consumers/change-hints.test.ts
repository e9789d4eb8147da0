import { subjects } from '@parley/contracts/bus';
import { createMemoryBus, silentLogger } from '@parley/service-kit';
import { fakeClock } from '@parley/testkit';
import { expect, test } from 'vitest';
import { createChangeHints } from './change-hints.ts';
import { type Place, placeKey } from './partition.ts';

function nodes() {
  const bus = createMemoryBus();
  const clock = fakeClock();
  const sent: string[] = [];
  bus.subscribe(subjects.changes(), (text) => sent.push(text));
  const node = (own: readonly string[]) => {
    const heard: string[] = [];
    const changed = (place: Place) => {
      heard.push(placeKey(place));
      return own.includes(place.channelId);
    };
    return { heard, ...createChangeHints({ bus, clock, logger: silentLogger(), changed }) };
  };
  return { bus, clock, sent, node };
}

test('what another node has in its share is told to it, together and once', async () => {
  const { clock, sent, node } = nodes();
  const [one, other] = [node(['a']), node(['b'])];
  for (const channelId of ['a', 'b', 'c', 'b']) one.changed({ appId: 'app', channelId });
  await clock.advanceAsync(50);
  expect(one.heard).toEqual(['app/a', 'app/b', 'app/c', 'app/b']);
  expect(other.heard).toEqual(['app/b', 'app/c']);
  expect(sent).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test('a node that has everything in its share tells nobody', async () => {
  const { clock, sent, node } = nodes();
  node(['a']).changed({ appId: 'app', channelId: 'a' });
  await clock.advanceAsync(1_000);
  expect(sent).toEqual([]);
});

test('what cannot be read hurts nobody, and nothing is heard after the end', async () => {
  const { bus, clock, node } = nodes();
  const [one, other] = [node([]), node([])];
  for (const text of ['', '[]', '{"nodeId":"x","channels":[{"appId":1}]}', '['.repeat(5_000)])
    await bus.publish(subjects.changes(), text);
  one.changed({ appId: 'app', channelId: 'a' });
  await clock.advanceAsync(50);
  expect(other.heard).toEqual(['app/a']);
  other.close();
  one.changed({ appId: 'app', channelId: 'b' });
  one.close();
  await clock.advanceAsync(50);
  expect(other.heard).toEqual(['app/a']);
  expect(clock.pending).toBe(0);
});
