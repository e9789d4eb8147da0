import { join } from 'node:path';
import { startPostgres } from '@parley/local-postgres';
import { Client } from 'pg';
import { startApiProcess } from './src/api-process.ts';
import { seedChat } from './src/chat-seed.ts';
import { openGraphqlConnection } from './src/graphql-connection.ts';
import { createHistogram, type LatencySummary } from './src/histogram.ts';
import { seedHistory } from './src/history-seed.ts';
import { withFolder } from './src/parley-run.ts';
import { type Row, report } from './src/report.ts';

// Reads over HTTP from an API process, one after the other: pages of 50 from a long channel, and the first 25 channels of a member of many with what
// is unread in each. Beside them, what the bare statement for the same rows takes by itself.
const quick = process.argv.includes('--quick');
const messages = quick ? 100_000 : 1_000_000;
const memberships = 500;
const repetitions = 5;
const reads = quick ? 40 : 100;
const targets = { page: 15, list: 50 };

const messageFields = 'id seq kind text createdAt user { id name online } reactionGroups { type count } replyCount';
const pageDocument = `query Page($id: ID!, $last: Int, $before: String, $first: Int, $after: String) { channel(id: $id) {
  messages(last: $last, before: $before, first: $first, after: $after) { edges { cursor node { ${messageFields} } } } } }`;
const listDocument = `query List { channels(first: 25) { edges { cursor node { id name seq lastMessageAt
  viewer { readSeq unreadCount unreadMentions } messages(last: 1) { edges { node { ${messageFields} } } } } } } }`;
// Cursors are opaque to clients; the benchmark makes them as the API does, to land anywhere without paging there.
const cursorAt = (seq: number) => Buffer.from(JSON.stringify(seq)).toString('base64url');

await withFolder(async (folder) => {
  const postgres = await startPostgres({
    dataDir: join(folder, 'data'),
    settings: { shared_buffers: '512MB', max_wal_size: '4GB' },
  });
  await postgres.createDatabase('bench');
  const databaseUrl = postgres.url('bench');
  const api = await startApiProcess({
    databaseUrl,
    env: { USER_OPERATIONS_PER_MINUTE: '10000000', KEY_OPERATIONS_PER_MINUTE: '10000000' },
  });
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  const chat = await seedChat(sql, memberships);
  const begun = performance.now();
  await seedHistory(sql, chat, messages);
  const seedSeconds = (performance.now() - begun) / 1_000;

  const connection = await openGraphqlConnection(api.port);
  const token = chat.tokens[0] ?? '';
  const channelId = chat.channelIds[0];
  const ask = async (query: string, variables: object, found: string) => {
    const answer = await connection.post(token, JSON.stringify({ query, variables }));
    const count = answer.split(found).length - 1;
    return answer.includes('"errors"') ? -1 : count;
  };
  const page = async (variables: object) => {
    const count = await ask(pageDocument, { id: channelId, ...variables }, '"cursor":');
    if (count !== 50) throw new Error(`unable to measure; the page holds ${count} messages`);
  };
  const anywhere = () => cursorAt(50 + Math.floor(Math.random() * (messages - 100)));
  const contenders: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a page of 50 at a random place', () => page({ last: 50, before: anywhere() })],
    ['the first page of 50', () => page({ first: 50 })],
    ['the last page of 50', () => page({ last: 50 })],
    [
      'the first 25 channels of a member of 500, with unread',
      async () => {
        const count = await ask(listDocument, {}, '"unreadCount":');
        if (count !== 25) throw new Error(`unable to measure; the list holds ${count} channels`);
      },
    ],
    [
      'the rows of a random page by a bare statement',
      () =>
        sql.query({
          name: 'bare-page',
          text: 'SELECT * FROM messages WHERE app_id = $1 AND channel_id = $2 AND seq < $3 AND (parent_id IS NULL OR show_in_channel) ORDER BY seq DESC LIMIT 50',
          values: [chat.appId, channelId, 50 + Math.floor(Math.random() * (messages - 100))],
        }),
    ],
  ];
  const results = new Map<string, LatencySummary[]>(contenders.map(([what]) => [what, []]));
  for (let repetition = -1; repetition < repetitions; repetition += 1) {
    for (const [what, run] of contenders) {
      const histogram = createHistogram();
      for (let read = 0; read < reads; read += 1) {
        const at = performance.now();
        await run();
        histogram.record(performance.now() - at);
      }
      if (repetition >= 0) results.get(what)?.push(histogram.summary());
    }
  }
  const rows = [...results].map(([what, summaries], index): Row => {
    const middle = (figure: 'p50' | 'p99') =>
      summaries.map((summary) => summary[figure]).sort((a, b) => a - b)[Math.floor(summaries.length / 2)] ?? Number.NaN;
    const target = index < 3 ? targets.page : index === 3 ? targets.list : null;
    return {
      what: `${what}, ms`,
      measured: `p50 ${middle('p50').toFixed(1)}, p99 ${middle('p99').toFixed(1)}`,
      target: target === null ? 'to compare' : `p99 ≤ ${target}`,
      met: target === null ? null : middle('p99') <= target,
    };
  });
  report('history', rows, {
    messages,
    memberships,
    repetitions,
    reads,
    seedSeconds,
    values: Object.fromEntries(results),
  });
  connection.close();
  await sql.end();
  await api.stop();
  await postgres.stop();
});
