import { ParleyError } from '@parley/contracts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Bus } from '../src/bus/bus.ts';
import { busPayloadBytes } from '../src/bus/bus.ts';
import { deferred } from '../src/deferred.ts';

/** A place where buses meet: each call gives one more process's bus. */
export interface BusWorld {
  bus(): Promise<Bus>;
  /** What the buses logged as errors. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** What every driver of the bus promises. */
export function busContract(name: string, createWorld: () => Promise<BusWorld>): void {
  describe(name, () => {
    const worlds: BusWorld[] = [];
    const newWorld = async () => {
      const world = await createWorld();
      worlds.push(world);
      return world;
    };
    afterEach(async () => {
      for (const world of worlds.splice(0)) await world.close();
    });

    test('a subscriber gets what is published from when it is ready, never what came before or after', async () => {
      const bus = await (await newWorld()).bus();
      const seen: string[] = [];
      await bus.publish('parley.a', 'too early');
      const subscription = bus.subscribe('parley.a', (payload) => seen.push(payload));
      await subscription.ready;
      await bus.publish('parley.a', 'one');
      await bus.publish('parley.b', 'elsewhere');
      await vi.waitFor(() => expect(seen).toEqual(['one']));
      subscription.unsubscribe();
      subscription.unsubscribe();
      await bus.publish('parley.a', 'too late');
      await roundTrip(bus);
      expect(seen).toEqual(['one']);
    });

    test('what is on its way when a subscriber leaves is not delivered to it', async () => {
      const bus = await (await newWorld()).bus();
      const seen: string[] = [];
      const subscription = bus.subscribe('parley.a', (payload) => seen.push(payload));
      await subscription.ready;
      const published = bus.publish('parley.a', 'on its way');
      subscription.unsubscribe();
      await published;
      await roundTrip(bus);
      expect(seen).toEqual([]);
    });

    test('delivery never runs within publish', async () => {
      const bus = await (await newWorld()).bus();
      const order: string[] = [];
      await bus.subscribe('parley.a', () => order.push('delivered')).ready;
      const published = bus.publish('parley.a', '');
      order.push('published');
      await published;
      await vi.waitFor(() => expect(order).toEqual(['published', 'delivered']));
    });

    test('the order of each publisher is kept', async () => {
      const world = await newWorld();
      const [first, second, reader] = [await world.bus(), await world.bus(), await world.bus()];
      const seen: string[] = [];
      await reader.subscribe('parley.a', (payload) => seen.push(payload)).ready;
      for (let index = 0; index < 500; index += 1) {
        void first.publish('parley.a', `first ${index}`);
        void second.publish('parley.a', `second ${index}`);
      }
      await vi.waitFor(() => expect(seen).toHaveLength(1_000));
      const expected = (who: string) => Array.from({ length: 500 }, (_, index) => `${who} ${index}`);
      expect(seen.filter((payload) => payload.startsWith('first'))).toEqual(expected('first'));
      expect(seen.filter((payload) => payload.startsWith('second'))).toEqual(expected('second'));
    });

    test('of a queue group one gets each message, and whoever is outside gets all', async () => {
      const world = await newWorld();
      const [one, two] = [await world.bus(), await world.bus()];
      const inGroup: string[] = [];
      const outside: string[] = [];
      const subscriptions = [
        one.subscribe('parley.a', (payload) => inGroup.push(payload), { queue: 'workers' }),
        two.subscribe('parley.a', (payload) => inGroup.push(payload), { queue: 'workers' }),
        two.subscribe('parley.a', (payload) => outside.push(payload)),
      ];
      await Promise.all(subscriptions.map((subscription) => subscription.ready));
      const payloads = Array.from({ length: 100 }, (_, index) => String(index));
      for (const payload of payloads) await one.publish('parley.a', payload);
      await vi.waitFor(() => expect(outside).toEqual(payloads));
      await roundTrip(one);
      await roundTrip(two);
      expect(inGroup.toSorted()).toEqual(payloads.toSorted());
    });

    test('every payload comes back as it was sent', async () => {
      const bus = await (await newWorld()).bus();
      const payloads = ['', 'héllo 👋🏽 \u0000 "\n', 'x'.repeat(busPayloadBytes), '€'.repeat(busPayloadBytes / 4)];
      const seen: string[] = [];
      await bus.subscribe('parley.a', (payload) => seen.push(payload)).ready;
      for (const payload of payloads) await bus.publish('parley.a', payload);
      await vi.waitFor(() => expect(seen).toHaveLength(payloads.length));
      expect(seen.every((payload, index) => payload === payloads[index])).toBe(true);
    });

    test('a payload over 1 MiB is refused, in either direction', async () => {
      const world = await newWorld();
      const bus = await world.bus();
      const large = '€'.repeat(busPayloadBytes / 3 + 1);
      await expect(bus.publish('parley.a', large)).rejects.toMatchObject({ code: 'payload_too_large' });
      await expect(bus.request('parley.a', large, { timeoutMs: 1_000 })).rejects.toMatchObject({
        code: 'payload_too_large',
        details: { limit: busPayloadBytes },
      });
      await bus.respond('parley.ask', 'q', async () => large).ready;
      await expect(bus.request('parley.ask', '', { timeoutMs: 1_000 })).rejects.toMatchObject({ code: 'internal' });
    });

    test('a request is answered once, by one of the group', async () => {
      const world = await newWorld();
      const [one, two, asker] = [await world.bus(), await world.bus(), await world.bus()];
      let answers = 0;
      const answer = async (payload: string) => {
        answers += 1;
        return `re: ${payload}`;
      };
      await Promise.all([one.respond('parley.ask', 'q', answer).ready, two.respond('parley.ask', 'q', answer).ready]);
      const replies = await Promise.all(
        ['a', 'b', 'c'].map((payload) => asker.request('parley.ask', payload, { timeoutMs: 2_000 })),
      );
      expect(replies).toEqual(['re: a', 're: b', 're: c']);
      expect(answers).toBe(3);
    });

    test('a request that nobody answers is refused at once', async () => {
      const bus = await (await newWorld()).bus();
      await expect(bus.request('parley.nobody', '', { timeoutMs: 60_000 })).rejects.toMatchObject({
        code: 'unavailable',
        message: 'unable to request parley.nobody; nobody answers there',
      });
      const responder = bus.respond('parley.left', 'q', async () => 'yes');
      await responder.ready;
      responder.unsubscribe();
      await roundTrip(bus);
      await expect(bus.request('parley.left', '', { timeoutMs: 60_000 })).rejects.toMatchObject({
        code: 'unavailable',
      });
    });

    test('a request past its deadline ends with timeout', async () => {
      const bus = await (await newWorld()).bus();
      await bus.respond('parley.slow', 'q', () => new Promise(() => undefined)).ready;
      const request = bus.request('parley.slow', '', { timeoutMs: 30 });
      await expect(request).rejects.toMatchObject({ code: 'timeout', details: { limit: 30 } });
    });

    test('a responder that fails is logged, and says so to the one who asked', async () => {
      const world = await newWorld();
      const bus = await world.bus();
      await bus.respond('parley.broken', 'q', () => Promise.reject(new Error('the secret reason'))).ready;
      const fault = await bus.request('parley.broken', '', { timeoutMs: 5_000 }).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(ParleyError);
      expect(fault).toMatchObject({ code: 'internal' });
      expect(String(fault)).not.toContain('secret');
      expect(world.faults).toEqual(['a bus responder failed']);
    });

    test('a subscriber that throws or rejects is logged and hurts nobody', async () => {
      const world = await newWorld();
      const bus = await world.bus();
      const seen: string[] = [];
      await Promise.all([
        bus.subscribe('parley.a', () => {
          throw new Error('throws');
        }).ready,
        bus.subscribe('parley.a', rejects).ready,
        bus.subscribe('parley.a', (payload) => seen.push(payload)).ready,
      ]);
      await bus.publish('parley.a', 'one');
      await bus.publish('parley.a', 'two');
      await vi.waitFor(() => expect(seen).toEqual(['one', 'two']));
      await vi.waitFor(() => expect(world.faults).toHaveLength(4));
    });

    test('a subject made of a wild id is refused', async () => {
      const bus = await (await newWorld()).bus();
      for (const subject of ['parley.*', 'parley.>', 'parley..a', '', 'parley a', 'parley\r\nPUB']) {
        await expect(bus.publish(subject, '')).rejects.toMatchObject({ code: 'internal' });
        expect(() => bus.subscribe(subject, () => undefined)).toThrow(ParleyError);
      }
    });

    test('after close nothing is delivered, everything is refused, and what waits is rejected', async () => {
      const world = await newWorld();
      const [bus, other] = [await world.bus(), await world.bus()];
      const seen: string[] = [];
      await bus.subscribe('parley.a', (payload) => seen.push(payload)).ready;
      await other.respond('parley.slow', 'q', () => new Promise(() => undefined)).ready;
      const waiting = bus.request('parley.slow', '', { timeoutMs: 60_000 }).catch((error: unknown) => error);
      await bus.publish('parley.a', 'on its way').catch(() => undefined);
      const before = seen.length;
      await bus.close();
      await bus.close();
      expect(await waiting).toMatchObject({ code: 'unavailable' });
      expect(bus.connected).toBe(false);
      await expect(bus.publish('parley.a', '')).rejects.toMatchObject({ code: 'unavailable' });
      await expect(bus.request('parley.a', '', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'unavailable' });
      expect(() => bus.subscribe('parley.a', () => undefined)).toThrow('the bus is closed');
      expect(seen).toHaveLength(before);
    });
  });
}

// A handler that is async by mistake: what it rejects with must end nobody.
// oxlint-disable-next-line typescript/no-misused-promises
const rejects: (payload: string) => void = () => Promise.reject(new Error('rejects'));

/** What was published to this bus before has been delivered when this resolves. */
export async function roundTrip(bus: Bus): Promise<void> {
  const subject = `parley.round-trip.${crypto.randomUUID()}`;
  const arrived = deferred();
  const subscription = bus.subscribe(subject, () => arrived.resolve());
  await subscription.ready;
  await bus.publish(subject, '');
  await arrived.promise;
  subscription.unsubscribe();
}
