import { once } from 'node:events';
import type { Server } from 'node:http';
import { createApi } from '@parley/api';
import { type ChannelBusMessage, subjects } from '@parley/contracts/bus';
import { createFanout, createFanoutServer } from '@parley/fanout';
import { createServerClient } from '@parley/sdk-server';
import { type Bus, createHttpServer, createLogger, createMemoryBus, type Logger } from '@parley/service-kit';
import { createDatabase, uniqueId } from '@parley/testkit';
import { vi } from 'vitest';
import type { Known } from './seeds.ts';

/** One tenant, whom whatever is sent may ruin: another one is made then. */
export interface Room extends Known {
  readonly appId: string;
  readonly keyId: string;
  readonly userToken: string;
  readonly serverToken: string;
  /** Bus messages about the channel, as they were published. */
  readonly busMessages: readonly ChannelBusMessage[];
}

/** A whole platform in this process, and everything that went wrong in it. */
export interface FuzzWorld {
  readonly apiPort: number;
  readonly fanoutPort: number;
  readonly bus: Bus;
  /** What was logged as an error so far. */
  readonly errors: readonly string[];
  room(): Promise<Room>;
  close(): Promise<void>;
}

const plenty = 1_000_000_000;

export async function startFuzzWorld(): Promise<FuzzWorld> {
  const errors: string[] = [];
  const logger = recording(errors);
  const database = await createDatabase();
  const bus = createMemoryBus({ logger });
  const rates = { userOperationsPerMinute: plenty, keyOperationsPerMinute: plenty };
  const strangerRates = { strangerRequestsPerMinute: plenty, strangersRequestsPerMinute: plenty };
  const api = await createApi({ databaseUrl: database.url, bus, logger, testMode: true, rates, strangerRates });
  // One user on one machine sends in seconds what many send in an hour.
  const limits = {
    operationsPerUserPerSecond: plenty,
    inboundBytesPerUserPerSecond: plenty,
    processingMsPerUserPerSecond: plenty,
    refusedTokensPerAddressPerMinute: plenty,
    socketsPerUser: plenty,
  };
  const fanout = createFanout({ bus, logger, limits });
  const apiServer = await listening(createHttpServer({ handle: api.handler, logger }));
  const fanoutServer = await listening(createFanoutServer(fanout, { logger }));
  await api.ready;

  async function room(): Promise<Room> {
    const { app, key } = await api.apps.create({ name: uniqueId('fuzz') });
    const url = `http://127.0.0.1:${apiServer.port}/graphql`;
    const server = createServerClient({ url, keyId: key.keyId, secret: key.secret });
    await server.upsertUsers([
      { id: 'ada', name: 'Ada' },
      { id: 'bob', name: 'Bob', custom: { a: [1, { b: 'c' }] } },
    ]);
    const { id: channelId } = await server.createChannel({
      type: 'messaging',
      key: 'general',
      memberIds: ['ada', 'bob'],
    });
    const busMessages: ChannelBusMessage[] = [];
    const subscription = bus.subscribe(subjects.channel(app.id, channelId), (text) => {
      // Our own API published it.
      busMessages.push(JSON.parse(text) as ChannelBusMessage);
    });
    const sender = await server.mintUserToken('ada', { expiresInSeconds: 36_000 });
    const run = async (query: string): Promise<Record<string, { id: string }>> => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${sender}` };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      // What the node answers to an operation that is in order has this shape.
      return ((await response.json()) as { data: Record<string, { id: string }> }).data;
    };
    const { sendMessage } = await run(
      `mutation { sendMessage(input: { channelId: "${channelId}", text: "hello @bob", mentionedUserIds: ["bob"], custom: { a: { b: "c" } } }) { id } }`,
    );
    const messageId = sendMessage?.id ?? '';
    await run(`mutation { addReaction(input: { messageId: "${messageId}", type: "like" }) { id } }`);
    await run(`mutation { setTyping(input: { channelId: "${channelId}", typing: true }) }`);
    await vi.waitFor(() => {
      if (busMessages.length < 3) throw new Error('the bus has not published all');
    });
    subscription.unsubscribe();
    return {
      appId: app.id,
      keyId: key.keyId,
      channelId,
      messageId,
      userId: 'bob',
      userToken: sender,
      serverToken: await server.mintServerToken({ expiresInSeconds: 36_000 }),
      busMessages,
    };
  }

  return {
    apiPort: apiServer.port,
    fanoutPort: fanoutServer.port,
    bus,
    errors,
    room,
    async close() {
      await fanout.close();
      for (const { server } of [apiServer, fanoutServer]) {
        server.closeAllConnections();
        server.close();
      }
      await api.close();
      await bus.close();
      await database.drop();
    },
  };
}

async function listening(server: Server): Promise<{ readonly server: Server; readonly port: number }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('unable to listen; the server has no port');
  return { server, port: address.port };
}

function recording(errors: string[]): Logger {
  const write = (line: string) => {
    const { msg = '', err, subject }: { msg?: string; err?: { stack?: string }; subject?: string } = JSON.parse(line);
    errors.push([msg, subject, err?.stack].filter(Boolean).join('\n'));
  };
  return createLogger({ service: 'fuzz', level: 'error', stream: { write } });
}
