import { randomUUID } from 'node:crypto';
import type { MessageCreated } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import { silentLogger } from '@parley/service-kit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messageOf, newApp, openChannel, say } from '../../test/chat.ts';
import { eventually } from '../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../test/ground.ts';
import { patientLog } from '../../test/patient-log.ts';
import { readLog } from '../../test/read-log.ts';
import { createStatementCounter } from '../../test/statements.ts';
import { type MessageRow, messageRows } from '../modules/messages/message-rows.ts';
import type { ChannelCommand } from './channel-command.ts';
import { createChannelLog } from './channel-log.ts';
import { createEventPublisher } from './event-publisher.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

const named = (index: number) => `messaging:c${index}`;

async function channels(count: number): Promise<string> {
  const { appId } = await newApp(node);
  for (let index = 0; index < count; index += 1) await openChannel(node.db, appId, named(index));
  return appId;
}

/** A send as the chat domain makes it; `fault` is thrown once it has appended. */
function send(
  appId: string,
  channelId: string,
  id: string,
  text: string,
  error?: Error,
): ChannelCommand<MessageCreated, MessageRow> {
  const content = { text, attachments: [], mentionedUserIds: [], custom: {} };
  return {
    insert: {
      rows: messageRows,
      key: id,
      write(tx) {
        const seq = tx.nextSeq;
        const event = tx.append<MessageCreated>({
          __typename: 'MessageCreated',
          actor: null,
          message: messageOf(id, channelId, seq, text, tx.at),
        });
        tx.patch({ lastMessageAt: tx.at });
        if (error !== undefined) throw error;
        const draft = {
          id,
          channelId,
          seq,
          kind: 'REGULAR',
          userId: null,
          content,
          parentId: null,
          quotedId: null,
          hash: text,
          at: tx.at,
        } as const;
        return { row: { appId, draft }, value: event };
      },
    },
    async run() {
      throw new ParleyError('conflict', `unable to send; ${id} is taken`);
    },
  };
}

const dense = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function stored(appId: string, channelId: string) {
  const { events, head } = await readLog(node, appId, channelId, 0, 100);
  const rows = await node.db.query<{ seq: number }>(
    'SELECT seq FROM messages WHERE app_id = $1 AND channel_id = $2 ORDER BY seq',
    [appId, channelId],
  );
  return { head, events: events.map(({ seq }) => seq), messages: rows.map(({ seq }) => seq) };
}

test('sends to many channels at once share a few transactions, and each channel has its dense log', async () => {
  const appId = await channels(20);
  const log = patientLog(node);
  const all = Array.from({ length: 120 }, (_, index) => index);
  const { statements } = await createStatementCounter(node.db).during(() =>
    Promise.all(
      all.map((index) => log.write(appId, named(index % 20), send(appId, named(index % 20), randomUUID(), `${index}`))),
    ),
  );
  // Not all commits: the jobs of the node make some too.
  const written = statements.filter((text) => text.includes('INSERT INTO outbox')).length;
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThanOrEqual(6);
  await log.close();
  for (let index = 0; index < 20; index += 1)
    expect(await stored(appId, named(index))).toEqual({ head: 6, events: dense(6), messages: dense(6) });
});

test('a failing work, a taken id and an id used twice at once harm none of the others in their transaction', async () => {
  const appId = await channels(8);
  const taken = randomUUID();
  await node.log.write(appId, named(7), send(appId, named(7), taken, 'first'));
  const twice = randomUUID();
  const sends = Array.from({ length: 64 }, (_, index) => {
    const channelId = named(index % 8);
    if (index === 20)
      return node.log.write(appId, channelId, send(appId, channelId, randomUUID(), 'x', new Error('not today')));
    const id = index === 10 ? taken : index === 30 || index === 31 ? twice : randomUUID();
    return node.log.write(appId, channelId, send(appId, channelId, id, `${index}`));
  });
  const results = await Promise.allSettled(sends);
  const rejected = results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
  expect(rejected).toEqual([10, 20, 31]);
  expect(results[20]).toMatchObject({ reason: new Error('not today') });
  expect(results[10]).toMatchObject({ reason: { code: 'conflict' } });
  for (let index = 0; index < 8; index += 1) {
    const { head, events, messages } = await stored(appId, named(index));
    expect([events, messages]).toEqual([dense(head), dense(head)]);
  }
});

test('an id that another session is just storing elsewhere gives one row, and everybody an answer', async () => {
  const appId = await channels(4);
  const other = await ground.node();
  const id = randomUUID();
  const results = await Promise.allSettled(
    [node, other, node, other].map(({ log }, index) =>
      log.write(appId, named(index), send(appId, named(index), id, `${index}`)),
    ),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await node.db.query('SELECT count(*)::int AS n FROM messages WHERE app_id = $1', [appId])).toEqual([{ n: 1 }]);
  await other.stop();
});

test('a row that somebody else holds keeps its own channel waiting and no other', async () => {
  const appId = await channels(10);
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: locked, resolve: start } = Promise.withResolvers<void>();
  const holder = node.db.transaction(async (sql) => {
    await sql.query('SELECT 1 FROM channels WHERE app_id = $1 AND channel_id = $2 FOR UPDATE', [appId, named(0)]);
    start();
    await held;
  });
  await locked;
  let answered = false;
  const waiting = node.log.write(appId, named(0), send(appId, named(0), randomUUID(), 'late')).finally(() => {
    answered = true;
  });
  for (let round = 0; round < 5; round += 1)
    await Promise.all(
      dense(9).map((index) => node.log.write(appId, named(index), send(appId, named(index), randomUUID(), 'free'))),
    );
  expect(answered).toBe(false);
  letGo();
  await holder;
  expect((await waiting).seq).toBe(1);
});

test('a channel that another node writes to as well is not tried with others again and again', async () => {
  const appId = await channels(2);
  const insert = (index: number) => node.log.write(appId, named(index), send(appId, named(index), randomUUID(), ''));
  const holder = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holding = node.db.transaction(async (sql) => {
    await sql.query('SELECT 1 FROM channels WHERE app_id = $1 AND channel_id = $2 FOR UPDATE', [appId, named(0)]);
    held.resolve();
    await holder.promise;
  });
  await held.promise;
  const texts: string[] = [];
  const unsubscribe = node.db.onStatement((text) => texts.push(text));
  const locks = () => texts.splice(0).flatMap((text) => /-- (lock-\S+)/.exec(text)?.[1] ?? []);
  const first = insert(0);
  await eventually(() => expect(texts.some((text) => text.includes('-- lock-channel'))).toBe(true));
  holder.resolve();
  await Promise.all([holding, first]);
  expect(locks()).toEqual(['lock-free-channels', 'lock-channel']);
  await insert(0);
  expect(locks()).toEqual(['lock-channel']);
  await insert(1);
  expect(locks()).toEqual(['lock-free-channels']);
  unsubscribe();
});

test('a channel with a thousand sends waiting does not hold up a quiet one', async () => {
  const appId = await channels(2);
  const log = patientLog(node);
  const order: string[] = [];
  const hot = Array.from({ length: 1_000 }, (_, index) =>
    log.write(appId, named(0), send(appId, named(0), randomUUID(), `${index}`)).then(() => order.push('hot')),
  );
  await hot[0];
  const quiet = log
    .write(appId, named(1), send(appId, named(1), randomUUID(), 'quiet'))
    .then(() => order.push('quiet'));
  await Promise.all([...hot, quiet]);
  // It waits for those in hand, two transactions of 64, and at most for one more round.
  expect(order.indexOf('quiet')).toBeLessThan(64 * 6);
  await log.close();
});

test('writes of both kinds by two nodes to random channels end, and every log is dense', async () => {
  const other = await ground.node();
  const logs = [patientLog(node), patientLog(other)] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ channel: fc.nat(4), node: fc.nat(1), bulk: fc.boolean() }), { minLength: 1, maxLength: 80 }),
      async (writes) => {
        const appId = await channels(5);
        await Promise.all(
          writes.map(({ channel, node: which, bulk }, index) => {
            const log = which === 0 ? logs[0] : logs[1];
            const channelId = named(channel);
            return bulk
              ? log.write(appId, channelId, send(appId, channelId, randomUUID(), `${index}`))
              : say(log, appId, channelId, `${index}`);
          }),
        );
        for (let channel = 0; channel < 5; channel += 1) {
          const count = writes.filter((write) => write.channel === channel).length;
          expect(await stored(appId, named(channel))).toEqual({
            head: count,
            events: dense(count),
            messages: dense(count),
          });
        }
      },
    ),
    { numRuns: 15 },
  );
  for (const log of logs) await log.close();
  await other.stop();
});

test.each(['taken', 'insert'] as const)(
  'killed at the step "%s", all or nothing of every work is there, and it can be repeated',
  async (step) => {
    const appId = await channels(4);
    const publisher = createEventPublisher({
      bus: node.bus,
      sql: node.db,
      logger: silentLogger(),
      epoch: node.epoch,
    });
    const log = createChannelLog({ db: node.db, publisher, stall: node.stall });
    const deadly = { text: 'SELECT pg_terminate_backend(pg_backend_pid())', params: [] };
    const rows = { ...messageRows, [step]: () => deadly };
    const bent = (work: ChannelCommand<MessageCreated, MessageRow>) =>
      work.insert === undefined ? work : { ...work, insert: { ...work.insert, rows } };
    const works = dense(16).map((index) => send(appId, named(index % 4), randomUUID(), `${index}`));
    const run = (bend: boolean) =>
      Promise.allSettled(
        works.map((work, index) => log.write(appId, named((index + 1) % 4), bend ? bent(work) : work)),
      );
    for (const result of await run(true))
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: expect.stringMatching(/^(unavailable|timeout)$/) },
      });
    for (let index = 0; index < 4; index += 1)
      expect(await stored(appId, named(index))).toEqual({ head: 0, events: [], messages: [] });
    expect(await node.db.query('SELECT 1 FROM outbox WHERE app_id = $1', [appId])).toEqual([]);
    expect((await run(false)).every(({ status }) => status === 'fulfilled')).toBe(true);
    for (let index = 0; index < 4; index += 1)
      expect(await stored(appId, named(index))).toEqual({ head: 4, events: dense(4), messages: dense(4) });
    await log.close();
  },
);
