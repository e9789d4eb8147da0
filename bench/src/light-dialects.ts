import { randomBytes, randomUUID } from 'node:crypto';
import { subprotocol } from '@parley/contracts';
import type { Dialect, LightClient, Packet } from './light-client.ts';

const text = 1;
const ping = 9;
const pong = 10;

/** A frame of a client: masked, with a mask of zeros, which changes nothing. */
function frame(opcode: number, content: string | Buffer): Buffer {
  const payload = Buffer.from(content);
  const isLong = payload.length > 125;
  const head = Buffer.alloc(isLong ? 8 : 6);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (isLong ? 126 : payload.length);
  if (isLong) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

function nextFrame(data: Buffer, from: number): Packet | null {
  if (data.length < from + 2) return null;
  const short = (data[from + 1] ?? 0) & 0x7f;
  const start = from + (short < 126 ? 2 : short === 126 ? 4 : 10);
  if (data.length < start) return null;
  const length =
    short < 126 ? short : short === 126 ? data.readUInt16BE(from + 2) : Number(data.readBigUInt64BE(from + 2));
  const end = start + length;
  return data.length < end ? null : { type: (data[from] ?? 0) & 0x0f, start, end };
}

/** What is said on a WebSocket: texts and answers to them. */
interface WebSocketTalk {
  readonly protocol?: string;
  opened(client: LightClient): void;
  heard(client: LightClient, text: string): void;
}

export const sayText = (client: LightClient, content: string): void => client.send(frame(text, content));

function webSocket(address: URL, { protocol, opened, heard }: WebSocketTalk): Dialect {
  const lines = [
    `GET ${address.pathname}${address.search} HTTP/1.1`,
    `host: ${address.host}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
    ...(protocol === undefined ? [] : [`sec-websocket-protocol: ${protocol}`]),
  ];
  return {
    greeting: `${lines.join('\r\n')}\r\n\r\n`,
    upgrades: true,
    next: nextFrame,
    isMessage: ({ type }) => type === text,
    opened,
    heard(client, { type }, payload) {
      if (type === ping) client.send(frame(pong, payload));
      else if (type === text) heard(client, payload.toString());
    },
  };
}

export const plainSockets = (address: URL): Dialect =>
  webSocket(address, { opened: (client) => client.markReady(), heard: () => undefined });

export const socketIo = (address: URL): Dialect =>
  webSocket(address, {
    opened: () => undefined,
    heard(client, packet) {
      if (packet.startsWith('0')) sayText(client, '40');
      else if (packet.startsWith('40')) client.markReady();
      else if (packet === '2') sayText(client, '3');
    },
  });

export interface GraphqlTalk {
  readonly subscriptions: readonly { readonly query: string; readonly variables: (index: number) => object }[];
  /** `random`: a UUID for each operation, as graphql-ws clients choose; else they count from 1. */
  readonly ids: 'counted' | 'random';
  /** What the last event of the set-up says; absent: a pong is enough. */
  readonly lastWord?: string;
}

export const graphqlTransport = (address: URL, { subscriptions, ids, lastWord }: GraphqlTalk): Dialect =>
  webSocket(address, {
    protocol: subprotocol,
    opened: (client) =>
      sayText(client, JSON.stringify({ type: 'connection_init', payload: { token: `user-${client.index}` } })),
    heard(client, packet) {
      if (packet.includes('"connection_ack"')) {
        subscriptions.forEach(({ query, variables }, place) => {
          const id = ids === 'random' ? randomUUID() : String(place + 1);
          const payload = { query, variables: variables(client.index) };
          sayText(client, JSON.stringify({ id, type: 'subscribe', payload }));
        });
        sayText(client, '{"type":"ping"}');
      } else if (packet.includes(lastWord ?? '"pong"')) client.markReady();
      else if (packet.includes('"type":"error"')) throw new Error(`unable to measure; ${packet}`);
    },
  });

const connAck = 2;
const publish = 3;
const subAck = 9;

const mqttString = (value: string): Buffer => {
  const content = Buffer.from(value);
  return Buffer.concat([Buffer.from([content.length >> 8, content.length & 0xff]), content]);
};

function mqttPacket(first: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = body.length, more = true; more; ) {
    more = rest > 127;
    length.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest >>= 7;
  }
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

export const mqttTopic = 'bench';
export const mqttPublish = (payload: Buffer): Buffer => mqttPacket(0x30, mqttString(mqttTopic), payload);

/** MQTT 3.1.1, clean session, QoS 0. */
export const mqtt = (): Dialect => ({
  greeting: mqttPacket(0x10, mqttString('MQTT'), Buffer.from([4, 2, 0, 0]), mqttString(`bench-${randomUUID()}`)),
  upgrades: false,
  next(data, from) {
    let length = 0;
    for (let place = 0; place < 4; place += 1) {
      const byte = data[from + 1 + place];
      if (byte === undefined) return null;
      length |= (byte & 0x7f) << (7 * place);
      if (byte < 0x80) {
        const start = from + 2 + place;
        return data.length < start + length ? null : { type: (data[from] ?? 0) >> 4, start, end: start + length };
      }
    }
    throw new Error('unable to measure; a packet of MQTT is malformed');
  },
  isMessage: ({ type }) => type === publish,
  opened: () => undefined,
  heard(client, { type }) {
    if (type === connAck) client.send(mqttPacket(0x82, Buffer.from([0, 1]), mqttString(mqttTopic), Buffer.from([0])));
    if (type === subAck) client.markReady();
  },
});
