import { readFileSync } from 'node:fs';
import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostileJson } from './hostile-values.ts';
import { rootOperations } from './seeds.ts';
import { ask, isFault } from './targets.ts';
import { answerTo, type Watcher, watch } from './watcher.ts';
import { type FuzzWorld, type Room, startFuzzWorld } from './world.ts';

interface Regression {
  readonly name: string;
  readonly to: 'api' | 'bus' | 'socket' | 'stream';
  /** Parts that are put together; a pair is a part and how often it comes. */
  readonly text: readonly (string | readonly [string, number])[];
}

// Written by hand, beside this file.
const regressions = JSON.parse(readFileSync(new URL('./regressions.json', import.meta.url), 'utf8')) as Regression[];

let world: FuzzWorld;
let room: Room;
let watcher: Watcher;
beforeAll(async () => {
  world = await startFuzzWorld();
  room = await world.room();
  watcher = await watch(world, room);
});
afterAll(async () => {
  watcher.close();
  await world.close();
});

async function post(body: string, port = world.apiPort, token = room.userToken): Promise<string> {
  const accept = port === world.fanoutPort ? 'text/event-stream' : 'application/json';
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, accept };
  const { status, body: answer } = await ask({ port, method: 'POST', path: '/graphql', headers, body });
  expect(isFault(answer, status), answer).toBe(false);
  return answer;
}

const ways: { readonly [To in Regression['to']]: (text: string) => Promise<string> } = {
  api: (text) => post(text),
  stream: (text) => post(text, world.fanoutPort),
  bus: (text) => world.bus.request(subjects.rpc('channel.recentReads'), text, { timeoutMs: 10_000 }),
  socket: (text) => answerTo(world, room, text),
};

describe('what once did harm', () => {
  test.each(regressions)('does none: $name', async ({ to, text }) => {
    const answer = await ways[to](
      text.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1]))).join(''),
    );
    expect(answer).toMatch(/invalid_input|invalid_query|query_too_complex|4400/);
    await watcher.sees();
    expect([...watcher.faults, ...world.errors]).toEqual([]);
  });
});

type Leaf = readonly (string | number)[];

function leavesOf(value: unknown, path: Leaf = []): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inside]) => leavesOf(inside, [...path, key]));
}

function withLeaf(value: unknown, [key, ...rest]: Leaf, leaf: unknown): unknown {
  if (key === undefined) return leaf;
  const copy: Record<string, unknown> = Object.assign(Array.isArray(value) ? [] : {}, value);
  copy[key] = withLeaf(copy[key], rest, leaf);
  return copy;
}

/** What a database, a calendar or a decoder refuses: each of them was once an unexpected fault somewhere. */
const sharp = hostileJson.filter((json) =>
  /\\u0000|\\ud800|^"(?:0000|0001|9999|\+01)|^"[\w-]{12,}"$|^9\.?\d*e\+18|^1e\+308/.test(json),
);

test('every argument of every root field takes what it cannot hold for bad input, and for no fault of ours', async () => {
  for (const { query, variables } of rootOperations(room)) {
    for (const leaf of leavesOf(variables)) {
      const bodies = sharp.map((json) =>
        JSON.stringify({ query, variables: withLeaf(variables, leaf, JSON.parse(json)) }),
      );
      const answers = await Promise.all(bodies.map((body) => post(body, world.apiPort, room.serverToken)));
      if (answers.some((answer) => answer.includes('"code":"unauthenticated"'))) room = await world.room();
    }
  }
  expect(world.errors).toEqual([]);
}, 60_000);
