import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { ParleyError, subprotocol } from '@parley/contracts';
import { type RpcMethod, subjects } from '@parley/contracts/bus';
import { WebSocket } from 'ws';
import { mutated, pick, type Random } from './mutate.ts';
import { deepOperations, type Operation, rootOperations, subscriptions } from './seeds.ts';
import type { FuzzWorld, Room } from './world.ts';

/** What came of one input. */
export interface Outcome {
  /** What went in, to be looked at again. */
  readonly input: string;
  /** A status, a close code or an error's code. */
  readonly answer: string;
  /** The platform blames itself, or does not answer. */
  readonly fault: boolean;
  /** The tenant is of no use any more. */
  readonly ruined?: boolean;
}

export type Target = (random: Random, room: Room) => Promise<Outcome>;

const answerMs = 20_000;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** Whether the platform blames itself. */
export const isFault = (body: string, status: number): boolean =>
  body.includes('"code":"internal"') ||
  body.includes('call stack') ||
  (status >= 500 && !body.includes('"code":"unavailable"'));

interface HttpInput {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** An answer that goes on, as an event stream does, is heard to its first bytes. */
export function ask(input: HttpInput): Promise<{ status: number; body: string }> {
  const { port, method, path, headers, body } = input;
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent, timeout: answerMs }, (response) => {
      const status = response.statusCode ?? 0;
      if (response.headers['content-type']?.startsWith('text/event-stream') === true)
        return void response.once('data', (chunk: Buffer) => {
          resolve({ status, body: chunk.toString() });
          response.destroy();
        });
      text(response).then((answered) => resolve({ status, body: answered }), reject);
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', (error: NodeJS.ErrnoException) => {
      // An idle connection was closed in the moment in which it was taken again: nothing was heard by anybody.
      if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(ask(input));
      else reject(error);
    });
    asked.end(body);
  });
}

async function overHttp(input: HttpInput): Promise<Outcome> {
  const said = `${input.method} ${input.path} ${JSON.stringify(input.headers)}\n${input.body ?? ''}`;
  try {
    const { status, body } = await ask(input);
    const ruined = body.includes('"code":"unauthenticated"') && body.includes('revoked');
    return { input: said, answer: String(status), fault: isFault(body, status), ruined };
  } catch (error) {
    return { input: said, answer: error instanceof Error ? error.message : String(error), fault: true };
  }
}

const tokenFor = (random: Random, room: Room): string =>
  pick(random, [
    room.userToken,
    room.userToken,
    room.serverToken,
    room.serverToken,
    'a.b.c',
    `${room.userToken.slice(0, -3)}abc`,
  ]);

const headersFor = (random: Random, room: Room): Record<string, string> => ({
  'content-type': pick(
    random,
    Array<string>(8).fill('application/json').concat('application/json; charset=utf-16', 'text/plain'),
  ),
  ...(random() < 0.95 ? { authorization: `Bearer ${tokenFor(random, room)}` } : {}),
});

const operationFor = (random: Random, room: Room): Operation =>
  pick(random, [...rootOperations(room), ...deepOperations(room)]);

const body =
  ({ apiPort: port }: FuzzWorld): Target =>
  (random, room) =>
    overHttp({
      port,
      method: 'POST',
      path: '/graphql',
      headers: headersFor(random, room),
      body: mutated(random, operationFor(random, room)),
    });

const address =
  ({ apiPort: port }: FuzzWorld): Target =>
  (random, room) => {
    const { query, variables } = operationFor(random, room);
    const said: Record<string, unknown> = {
      query,
      variables: mutated(random, variables).slice(0, 5_000),
      extensions: '{}',
    };
    if (random() < 0.3) said['query'] = mutated(random, { query }).slice(0, 5_000);
    const parameters = Object.entries(said).map(([name, value]) => `${name}=${encodeLoosely(String(value))}`);
    const headers = { authorization: `Bearer ${tokenFor(random, room)}` };
    return overHttp({ port, method: 'GET', path: `/graphql?${parameters.join('&')}`, headers });
  };

/** Half of a surrogate pair has no place in an address. */
const encodeLoosely = (value: string) => encodeURIComponent(value.toWellFormed());

const stream =
  ({ fanoutPort: port }: FuzzWorld): Target =>
  (random, room) =>
    overHttp({
      port,
      method: 'POST',
      path: '/graphql',
      headers: { ...headersFor(random, room), accept: 'text/event-stream' },
      body: mutated(random, pick(random, [...subscriptions(room), operationFor(random, room)])),
    });

/** Some frames on one socket, and whether it still speaks, or has closed with a reason. */
const frames =
  ({ fanoutPort }: FuzzWorld): Target =>
  async (random, room) => {
    const socket = new WebSocket(`ws://127.0.0.1:${fanoutPort}/graphql`, subprotocol);
    const heard: string[] = [];
    const sent: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    socket.on('error', () => undefined);
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('no answer'), answerMs);
      socket.once('close', (code) => resolve(String(code)));
      socket.on('message', (data: Buffer) => {
        if (data.includes('the last ping')) resolve('pong');
      });
    });
    socket.once('open', () => {
      const open = { type: 'connection_init', payload: { token: tokenFor(random, room) } };
      const say = (frame: string) => {
        sent.push(frame);
        socket.send(frame, { binary: random() < 0.01 });
      };
      say(random() < 0.9 ? JSON.stringify(open) : mutated(random, open));
      const goOn = () => {
        for (let id = 0; id < 4; id += 1) {
          const payload = pick(random, [...subscriptions(room), operationFor(random, room)]);
          const frame = pick(random, [
            { type: 'subscribe', id: String(id), payload },
            { type: 'subscribe', id: String(id), payload },
            { type: 'subscribe', id: String(id), payload },
            { type: 'ping', payload: { a: [{}] } },
            { type: 'complete', id: '0' },
          ]);
          const inside = random() < 0.7;
          say(
            inside
              ? JSON.stringify({ ...frame, payload: '@' }).replace('"@"', () => mutated(random, payload))
              : mutated(random, frame),
          );
        }
        say(JSON.stringify({ type: 'ping', payload: { is: 'the last ping' } }));
      };
      // Before the answer as well as after it.
      if (random() < 0.2) goOn();
      else socket.once('message', goOn);
    });
    const answer = await end;
    clearTimeout(timer);
    socket.terminate();
    const fault =
      heard.some((frame) => isFault(frame, 200)) || answer === 'no answer' || ['1006', '1011', '1013'].includes(answer);
    return { input: sent.join('\n'), answer, fault };
  };

function questionsFor(room: Room): Readonly<Record<RpcMethod, Record<string, unknown>>> {
  const { appId, channelId, keyId } = room;
  const now = Math.floor(Date.now() / 1_000);
  const principal = { appId, keyId, scope: 'user', userId: 'ada', issuedAt: now, expiresAt: now + 3_600 };
  const many = (question: Record<string, unknown>) => ({ items: [question, question] });
  return {
    'session.open': many({ token: room.userToken, origin: null }),
    'session.check': many({ principal, origin: null }),
    'channel.join': many({ principal, channelId }),
    'channel.events': many({ appId, channelId, after: 0, limit: 10 }),
    'channel.reads': many({ appId, channelId }),
    'channel.authorize': many({ principal, channelId }),
    'inbox.open': many({ principal, after: null, page: null }),
    'presence.read': many({ principal, userIds: ['ada', 'bob'] }),
    'channel.heads': { channels: [{ appId, channelId }] },
    'channel.recentReads': { channels: [{ appId, channelId }], since: '2026-01-01T00:00:00.000Z' },
    'inbox.recent': { nodeId: 'n', appIds: [appId], since: '2026-01-01T00:00:00.000Z', page: null },
    'presence.renew': { nodeId: 'n', ttlMs: 1_000, users: [{ appId, userId: 'ada' }] },
    'presence.release': { nodeId: 'n', users: [{ appId, userId: 'ada' }] },
    'health.ping': {},
    'graphql.execute': { principal, operation: rootOperations(room)[2] ?? {}, requestId: 'r' },
  };
}

const question =
  ({ bus }: FuzzWorld): Target =>
  async (random, room) => {
    const [method, seed] = pick(random, Object.entries(questionsFor(room)));
    const payload = mutated(random, seed);
    const input = `${method} ${payload}`;
    try {
      const reply = await bus.request(subjects.rpc(method), payload, { timeoutMs: answerMs });
      return { input, answer: reply.startsWith('{"ok":true') ? 'ok' : 'refused', fault: isFault(reply, 200) };
    } catch (error) {
      // A message larger than the bus takes never leaves.
      const large = error instanceof ParleyError && error.code === 'payload_too_large';
      return { input, answer: error instanceof Error ? error.message : String(error), fault: !large };
    }
  };

/** What is published has no answer; whether it did harm is seen by who watches. */
const announcement =
  ({ bus }: FuzzWorld): Target =>
  async (random, room) => {
    const { appId, channelId } = room;
    const at = '2026-01-01T00:00:00.000Z';
    const [subject, seed] = pick(random, [
      ...room.busMessages.map((message) => [subjects.channel(appId, channelId), { ...message }] as const),
      ...room.busMessages.map((message) => [subjects.channel(appId, channelId), { ...message }] as const),
      [subjects.user(appId, 'ada'), { kind: 'revoked', issuedBefore: '2020-01-01T00:00:00.000Z' }] as const,
      [
        subjects.user(appId, 'ada'),
        {
          kind: 'inbox',
          events: [{ __typename: 'UnreadChanged', at, cursor: 'Ig', totalUnread: 1, unreadChannels: 1 }],
        },
      ] as const,
      [subjects.app(appId), { kind: 'revoked', keyId: 'none', issuedBefore: '2020-01-01T00:00:00.000Z' }] as const,
      [
        subjects.presence(appId, 'bob'),
        { event: { __typename: 'PresenceChanged', userId: 'bob', online: true, lastActiveAt: null } },
      ] as const,
      [subjects.heartbeats(), { nodeId: 'other', startedAt: at, hearsItself: true, leaving: false }] as const,
    ]);
    const payload = mutated(random, seed);
    await bus.publish(subject, payload).catch(() => undefined);
    return { input: `${subject} ${payload}`, answer: 'published', fault: false };
  };

/** Where input comes in, each with its share in a hundred. */
export const targets = {
  body: [body, 38],
  address: [address, 6],
  stream: [stream, 8],
  frames: [frames, 18],
  question: [question, 18],
  announcement: [announcement, 12],
} as const;
