import { type NatsServer, requireTool, startNats, startTcpProxy } from '@parley/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { busContract, roundTrip } from '../../test/bus-contract.ts';
import { recordingLogger } from '../../test/recording-logger.ts';
import { silentLogger } from '../logger.ts';
import type { Bus } from './bus.ts';
import { connectNatsBus } from './nats.ts';

const nats = requireTool('nats-server');

describe.skipIf(nats.missing)(nats.label('over NATS'), () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats();
  });
  afterAll(() => server?.stop());

  busContract('nats bus', async () => {
    const { logger, faults } = recordingLogger();
    const buses: Bus[] = [];
    return {
      bus: async () => {
        const bus = await connectNatsBus({ servers: server.url, name: 'test', logger });
        buses.push(bus);
        return bus;
      },
      faults,
      close: async () => {
        for (const bus of buses) await bus.close();
      },
    };
  });
});

describe.skipIf(nats.missing)(nats.label('when the NATS server comes and goes'), () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of cleanups.splice(0).reverse()) await step();
  });
  const newServer = async () => {
    const server = await startNats();
    cleanups.push(() => server.stop());
    return server;
  };
  const newBus = async (url: string) => {
    const bus = await connectNatsBus({ servers: url, name: 'test', logger: silentLogger() });
    cleanups.push(() => bus.close());
    return bus;
  };

  test('subscriptions survive a server that was killed and started again', async () => {
    const server = await newServer();
    const [bus, other] = [await newBus(server.url), await newBus(server.url)];
    const seen: string[] = [];
    const statuses: boolean[] = [];
    bus.onStatus((connected) => statuses.push(connected));
    await bus.subscribe('parley.a', (payload) => seen.push(payload)).ready;
    await other.respond('parley.ask', 'q', async () => 'yes').ready;

    await server.kill();
    await vi.waitFor(() => expect(statuses).toEqual([false]));
    expect(bus.connected).toBe(false);
    await expect(bus.publish('parley.a', 'lost')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(bus.request('parley.ask', '', { timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'unavailable' });
    const late = bus.subscribe('parley.late', (payload) => seen.push(payload));

    await server.restart();
    await vi.waitFor(() => expect(statuses).toEqual([false, true]));
    await vi.waitFor(() => expect(other.connected).toBe(true));
    await late.ready;
    await other.publish('parley.a', 'again');
    await other.publish('parley.late', 'and this');
    await vi.waitFor(() => expect(seen).toEqual(['again', 'and this']));
    expect(await bus.request('parley.ask', '', { timeoutMs: 2_000 })).toBe('yes');
  });

  test('once it is reported as connected again, the server has every subscription', async () => {
    const server = await newServer();
    const [bus, other] = [await newBus(server.url), await newBus(server.url)];
    const seen: string[] = [];
    await bus.subscribe('parley.a', (payload) => seen.push(payload)).ready;
    const reported = new Promise<void>((resolve) => {
      bus.onStatus((connected) => connected && resolve());
    });
    await server.restart();
    await reported;
    await vi.waitFor(() => other.publish('parley.a', 'at once'));
    await vi.waitFor(() => expect(seen).toEqual(['at once']));
  });

  test('a bus comes up while the server is away, and connects when it is there', async () => {
    const server = await newServer();
    await server.stop();
    const bus = await newBus(server.url);
    expect(bus.connected).toBe(false);
    await expect(bus.publish('parley.a', '')).rejects.toMatchObject({ code: 'unavailable' });
    const seen: string[] = [];
    const subscription = bus.subscribe('parley.a', (payload) => seen.push(payload));
    await server.restart();
    await vi.waitFor(() => expect(bus.connected).toBe(true));
    await subscription.ready;
    await bus.publish('parley.a', 'hello');
    await vi.waitFor(() => expect(seen).toEqual(['hello']));
  });

  test('a bus that never reached its server closes at once', async () => {
    const server = await newServer();
    await server.stop();
    const bus = await newBus(server.url);
    const subscription = bus.subscribe('parley.a', () => undefined);
    await bus.close();
    await expect(subscription.ready).rejects.toMatchObject({ code: 'unavailable' });
    expect(bus.connected).toBe(false);
  });

  test('requests under way end when the connection is cut, their outcome unknown', async () => {
    const server = await newServer();
    const proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: server.port } });
    cleanups.push(() => proxy.close());
    const [bus, other] = [await newBus(proxy.url('nats')), await newBus(server.url)];
    await other.respond('parley.slow', 'q', () => new Promise(() => undefined)).ready;
    const request = bus.request('parley.slow', '', { timeoutMs: 60_000 }).catch((error: unknown) => error);
    await roundTrip(bus);
    proxy.cut();
    expect(await request).toMatchObject({ code: 'timeout' });
  });

  test('a server that no longer answers is given up', async () => {
    const server = await newServer();
    const proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: server.port } });
    cleanups.push(() => proxy.close());
    const bus = await newBus(proxy.url('nats'));
    const seen: string[] = [];
    await bus.subscribe('parley.a', (payload) => seen.push(payload)).ready;
    const statuses: boolean[] = [];
    bus.onStatus((connected) => statuses.push(connected));
    proxy.halfOpen();
    await vi.waitFor(() => expect(statuses).toEqual([false]), { timeout: 60_000 });
    await proxy.heal();
    await vi.waitFor(() => expect(statuses).toEqual([false, true]));
    await bus.publish('parley.a', 'back');
    await vi.waitFor(() => expect(seen).toEqual(['back']));
  }, 120_000);

  test('a listener that throws or has left hurts nobody', async () => {
    const server = await newServer();
    const bus = await newBus(server.url);
    const reported: string[] = [];
    bus.onStatus(() => {
      throw new Error('broken');
    });
    const unsubscribe = bus.onStatus(() => reported.push('left'));
    bus.onStatus((connected) => reported.push(String(connected)));
    unsubscribe();
    unsubscribe();
    await server.kill();
    await vi.waitFor(() => expect(reported).toEqual(['false']));
  });
});
