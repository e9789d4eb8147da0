import type { JsonObject } from '@parley/contracts';
import { silentLogger, systemClock } from '@parley/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createExecutor } from '../src/graphql/execute.ts';
import { createOperationQueue } from '../src/graphql/operation-queue.ts';
import { createRateLimit } from '../src/graphql/rate-limit.ts';
import { createSchema } from '../src/graphql/schema.ts';
import { createServices } from '../src/graphql/services.ts';
import { createStrangers } from '../src/graphql/strangers.ts';
import type { InsertedRows } from '../src/platform/channel-command.ts';
import type { ChannelCommand, ChannelLog, ChannelTransaction } from '../src/platform/channel-log.ts';
import type { Sql, Statement } from '../src/platform/sql.ts';
import { newApp } from './chat.ts';
import type { Ground, Node } from './ground.ts';
import { createGround } from './ground.ts';
import { mintToken } from './tokens.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

/** The statement, or the end of the connection in its place. */
const deadly = (at: RegExp | null, given: Statement): Statement =>
  at?.test(given.text) ? { text: 'SELECT pg_terminate_backend(pg_backend_pid())', params: [] } : given;

/** A channel log in which the database goes away at the first statement of a kind. */
function breaking(log: ChannelLog, statement: () => RegExp | null): ChannelLog {
  const sqlOf = (sql: Sql): Sql => ({
    async query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]> {
      if (statement()?.test(text)) await sql.query('SELECT pg_terminate_backend(pg_backend_pid())');
      return sql.query<Row>(text, params);
    },
  });
  const rowsOf = <Row>(rows: InsertedRows<Row>): InsertedRows<Row> => ({
    taken: (keys) => deadly(statement(), rows.taken(keys)),
    insert: (all) => deadly(statement(), rows.insert(all)),
  });
  return {
    ...log,
    write: <T, Row>(appId: string, channelId: string, { prepare, insert, run }: ChannelCommand<T, Row>) =>
      log.write<T, Row>(appId, channelId, {
        ...(prepare === undefined ? {} : { prepare: (sql) => prepare(sqlOf(sql)) }),
        ...(insert === undefined ? {} : { insert: { ...insert, rows: rowsOf(insert.rows) } }),
        run(tx) {
          const broken: ChannelTransaction = Object.create(tx, { sql: { value: sqlOf(tx.sql) } });
          return run(broken);
        },
      }),
  };
}

async function world() {
  const key = await newApp(node);
  let statement: RegExp | null = null;
  const services = createServices({ ...node, log: breaking(node.log, () => statement) });
  const rateLimit = createRateLimit();
  const executor = createExecutor({
    schema: createSchema(),
    services,
    rateLimit,
    strangers: createStrangers(),
    rows: node.rows,
    queue: createOperationQueue({ poolSize: 8, clock: systemClock }),
    stall: { admit() {} },
    logger: silentLogger(),
  });
  const { actor } = await node.auth.open(await mintToken(key, 'ada', { scope: 'server' }), null);
  const run = async (document: string, input: JsonObject) => {
    const { data, errors } = await executor.execute(actor, { query: document, variables: { input } }, 'r');
    return { data, code: errors?.[0]?.extensions?.['code'] ?? null };
  };
  const tables = ['channels', 'members', 'messages', 'reactions', 'channel_events'];
  return {
    run,
    async state() {
      const rows = tables.map((table) =>
        node.db.query(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE app_id = $1 ORDER BY t::text`, [key.appId]),
      );
      return JSON.stringify(await Promise.all(rows));
    },
    async whileBroken<T>(at: RegExp, work: () => Promise<T>): Promise<T> {
      statement = at;
      try {
        return await work();
      } finally {
        statement = null;
      }
    },
  };
}

const create = 'mutation ($input: CreateChannelInput!) { createChannel(input: $input) { id seq memberCount } }';
const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { id seq } }';
const react = 'mutation ($input: AddReactionInput!) { addReaction(input: $input) { reactionGroups { count } } }';
const channelId = 'messaging:general';
const root = '5f8f6b1e-4b0f-4a51-9d36-0a52c3c7b001';
const reply = '5f8f6b1e-4b0f-4a51-9d36-0a52c3c7b002';

describe('when the database goes away in the middle, nothing of the write stays, and it can be repeated', () => {
  test.each<[string, RegExp, string, JsonObject, object]>([
    [
      'sending, before it is known whether its id is taken',
      /taken-messages/,
      send,
      { channelId, id: reply, text: 'b' },
      { sendMessage: { seq: 3 } },
    ],
    [
      'sending, before the row is there',
      /insert-messages/,
      send,
      { channelId, id: reply, text: 'b' },
      { sendMessage: { seq: 3 } },
    ],
    [
      'sending a reply, before it is counted',
      /reply_count/,
      send,
      { channelId, id: reply, text: 'b', parentId: root },
      { sendMessage: { seq: 3 } },
    ],
    [
      'reacting, before it is counted',
      /jsonb_agg/,
      react,
      { messageId: root, type: 'like' },
      { addReaction: { reactionGroups: [{ count: 1 }] } },
    ],
    [
      'editing',
      /SET text/,
      'mutation ($input: UpdateMessageInput!) { updateMessage(input: $input) { text } }',
      { messageId: root, text: 'edited' },
      { updateMessage: { text: 'edited' } },
    ],
    [
      'deleting, before the words are gone',
      /SET deleted_at/,
      'mutation ($input: DeleteMessageInput!) { deleteMessage(input: $input) { text } }',
      { messageId: root },
      { deleteMessage: { text: '' } },
    ],
    [
      'deleting for good, after its reactions are gone',
      /DELETE FROM messages/,
      'mutation ($input: DeleteMessageInput!) { deleteMessage(input: $input) { text } }',
      { messageId: root, hard: true },
      { deleteMessage: { text: '' } },
    ],
    [
      'adding members',
      /INSERT INTO members/,
      'mutation ($input: AddMembersInput!) { addMembers(input: $input) { memberCount } }',
      { channelId, members: [{ userId: 'bob' }] },
      { addMembers: { memberCount: 2 } },
    ],
    [
      'creating a channel, before it has members',
      /INSERT INTO members/,
      create,
      { type: 'messaging', key: 'other' },
      { createChannel: { seq: 1, memberCount: 1 } },
    ],
  ])('%s', async (_name, at, document, input, expected) => {
    const { run, state, whileBroken } = await world();
    await run(create, { type: 'messaging', key: 'general' });
    await run(send, { channelId, id: root, text: 'a' });
    const before = await state();
    const broken = await whileBroken(at, () => run(document, input));
    expect(broken.code).toMatch(/^(unavailable|timeout)$/);
    expect(await state()).toBe(before);
    expect((await run(document, input)).data).toMatchObject(expected);
  });

  test('coming back to a direct conversation', async () => {
    const { run, state, whileBroken } = await world();
    await node.db.query(`INSERT INTO users (app_id, user_id) SELECT app_id, 'bob' FROM users ON CONFLICT DO NOTHING`);
    const direct = { type: 'messaging', memberIds: ['ada', 'bob'] };
    const { data } = await run(create, direct);
    const { id } = (data as { createChannel: { id: string } }).createChannel;
    await run('mutation ($input: RemoveMembersInput!) { removeMembers(input: $input) { memberCount } }', {
      channelId: id,
      userIds: ['ada'],
    });
    const before = await state();
    const broken = await whileBroken(/INSERT INTO members/, () => run(create, direct));
    expect(broken.code).toMatch(/^(unavailable|timeout)$/);
    expect(await state()).toBe(before);
    expect((await run(create, direct)).data).toEqual({ createChannel: { id, seq: 3, memberCount: 2 } });
  });
});
