import { silentLogger } from '@parley/service-kit';
import { startTcpProxy, type TcpProxy, type TestDatabase } from '@parley/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { newApp, openChannel, say } from '../../test/chat.ts';
import { eventually } from '../../test/eventually.ts';
import { createGround, type Ground, migratedDatabase, type Node } from '../../test/ground.ts';
import { readLog } from '../../test/read-log.ts';
import { type Db, openDb } from './db.ts';
import { checkDurability } from './durability.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());

const logger = silentLogger();

describe('rows', () => {
  let db: Db;
  beforeAll(async () => {
    db = await openDb({ url: database.url, logger, testMode: true, poolSize: 4 });
  });
  afterAll(() => db.close());

  test('hold numbers, ISO times and JSON', async () => {
    const [row] = await db.query(
      `SELECT 9007199254740991::bigint AS big, '2026-02-03 04:05:06.7+00'::timestamptz(3) AS at, '2026-02-03 04:05:06+02'::timestamptz AS whole,
              '{"a":[1]}'::jsonb AS json, ARRAY['x','y'] AS list`,
    );
    expect(row).toEqual({
      big: 9007199254740991,
      at: '2026-02-03T04:05:06.700Z',
      whole: '2026-02-03T02:05:06.000Z',
      json: { a: [1] },
      list: ['x', 'y'],
    });
  });

  test('of a transaction that fails are not written', async () => {
    const work = db.transaction(async (sql) => {
      await sql.query(`INSERT INTO organisations (organisation_id, name) VALUES ('lost', 'x')`);
      throw new Error('half way');
    });
    await expect(work).rejects.toThrow('half way');
    expect(await db.query(`SELECT 1 FROM organisations WHERE organisation_id = 'lost'`)).toEqual([]);
  });

  test('of a transaction whose failed statement was swallowed are not taken for written', async () => {
    const work = db.transaction(async (sql) => {
      await sql.query(`INSERT INTO organisations (organisation_id, name) VALUES ('swallowed', 'x')`);
      await sql.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'internal' });
  });

  test('of work that never ends are rolled back, and its caller has an answer within 5 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const work = db.transaction(() => {
      begin();
      return new Promise(() => undefined);
    });
    const refused = expect(work).rejects.toMatchObject({ code: 'unavailable' });
    await begun;
    await vi.advanceTimersByTimeAsync(5_000);
    await refused;
    vi.useRealTimers();
    await db.ping();
  });

  test('of a statement that takes too long are not waited for', async () => {
    await expect(db.query('SELECT pg_sleep(600)')).rejects.toMatchObject({ code: 'unavailable' });
    // Nor does the server go on with it.
    const busy = `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(600)' AND pid <> pg_backend_pid()`;
    expect(await db.query(busy)).toEqual([]);
  });

  test('are refused, not waited for without end, when every connection is taken', async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: taken, resolve: allTaken } = Promise.withResolvers<void>();
    let holders = 0;
    const waits = Array.from({ length: 4 }, () =>
      db.transaction(async () => {
        holders += 1;
        if (holders === 4) allTaken();
        await held;
      }),
    );
    await taken;
    await expect(db.query('SELECT 1')).rejects.toMatchObject({ code: 'unavailable' });
    letGo();
    await Promise.all(waits);
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('with a bad network', () => {
  let ground: Ground;
  let node: Node;
  let proxy: TcpProxy;
  let cut: Node;

  beforeAll(async () => {
    ground = await createGround();
    node = await ground.node();
  });
  afterAll(() => ground.close());
  beforeEach(async () => {
    const direct = new URL(ground.url);
    proxy = await startTcpProxy({ target: { host: direct.hostname, port: Number(direct.port) } });
    const through = new URL(ground.url);
    through.port = String(proxy.port);
    cut = await ground.node({ databaseUrl: through.href });
  });
  afterEach(async () => {
    await proxy.heal();
    await cut.stop();
    await proxy.close();
  });

  const channelId = 'messaging:general';
  const channel = async () => {
    const { appId } = await newApp(node);
    await openChannel(node.db, appId, channelId);
    return appId;
  };
  const headOf = async (appId: string) => (await node.log.heads([{ appId, channelId }])).heads[0];

  test('a database that refuses is unavailable, and is used again when it is back', async () => {
    const appId = await channel();
    await proxy.refuse();
    await expect(say(cut.log, appId, channelId, 'lost')).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
    await expect(cut.db.ping()).rejects.not.toThrow(/127\.0\.0\.1|ECONN/);
    expect(await headOf(appId)).toBe(0);
    await proxy.heal();
    await eventually(async () => expect((await say(cut.log, appId, channelId, 'back')).seq).toBe(1));
  });

  test('a database that falls silent is unavailable', async () => {
    const appId = await channel();
    await cut.db.ping();
    proxy.halfOpen();
    await expect(cut.db.ping()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(say(cut.log, appId, channelId, 'lost')).rejects.toMatchObject({ code: 'unavailable' });
    await proxy.heal();
    await eventually(() => cut.db.ping());
  });

  test('a send whose backend is killed half way wrote nothing and may be repeated', async () => {
    const appId = await channel();
    let kill = true;
    const send = () =>
      cut.log.write(appId, channelId, {
        run: async (tx) => {
          await tx.sql.query(`INSERT INTO users (app_id, user_id) VALUES ($1, 'made-half-way')`, [appId]);
          if (kill) await tx.sql.query('SELECT pg_terminate_backend(pg_backend_pid())');
          return tx.append({ __typename: 'ChannelDeleted', actor: null }).seq;
        },
      });
    await expect(send()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await node.db.query(`SELECT 1 FROM users WHERE app_id = $1`, [appId])).toEqual([]);
    expect(await headOf(appId)).toBe(0);
    kill = false;
    expect(await send()).toBe(1);
  });

  test('a connection that breaks during the commit leaves the outcome open, and says so', async () => {
    const appId = await channel();
    await cut.jobs.stop();
    const unsubscribe = cut.db.onStatement((text) => {
      if (text === 'COMMIT') proxy.cut();
    });
    await expect(say(cut.log, appId, channelId, 'perhaps')).rejects.toMatchObject({ code: 'timeout', retryable: true });
    unsubscribe();
    const next = (await say(cut.log, appId, channelId, 'sure')).seq;
    const { events } = await readLog(node, appId, channelId, 0, 10);
    expect(events.map((event) => event.seq)).toEqual(Array.from({ length: next }, (_, index) => index + 1));
  });

  test('connections that break while idle end nothing', async () => {
    await cut.db.ping();
    proxy.cut();
    await eventually(() => cut.db.ping());
  });

  test('closing ends when the server is rid of every connection, so that it may stop right after', async () => {
    let here = 0;
    let open = () => {};
    const everybody = new Promise<void>((resolve) => {
      open = resolve;
    });
    // Each keeps its connection until all have one.
    const pidOf = () =>
      cut.db.transaction(async (sql) => {
        const rows = await sql.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        here += 1;
        if (here === 4) open();
        await everybody;
        return rows[0]?.pid;
      });
    const pids = await Promise.all(Array.from({ length: 4 }, pidOf));
    expect(new Set(pids).size).toBe(4);
    await cut.jobs.stop();
    proxy.delay(100);
    await cut.db.close();
    expect(await node.db.query('SELECT pid FROM pg_stat_activity WHERE pid = ANY ($1)', [pids])).toEqual([]);
  });

  test('closing does not wait for a server that has fallen silent', async () => {
    await cut.db.ping();
    await cut.jobs.stop();
    proxy.halfOpen();
    // The silence has no end before the test's own.
    await cut.db.close();
  });

  test('a database that is away at the start is unavailable', async () => {
    await proxy.refuse();
    await expect(openDb({ url: `postgres://x:y@127.0.0.1:${proxy.port}/z`, logger })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe('the check at the start', () => {
  const server = (settings: Record<string, string>) => ({
    query: async <Row>() => Object.entries(settings).map(([name, setting]) => ({ name, setting })) as Row[],
  });
  const sound = { server_version_num: '180004', fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };

  test('lets a sound server pass, also one that waits for replicas', async () => {
    await checkDurability(server(sound), false);
    await checkDurability(server({ ...sound, synchronous_commit: 'remote_apply' }), false);
  });

  test.each(['fsync', 'full_page_writes', 'synchronous_commit'])(
    'refuses one without %s, and names the cure',
    async (name) => {
      const weak = server({ ...sound, [name]: 'off' });
      await expect(checkDurability(weak, false)).rejects.toThrow(`set ${name} = on`);
      await checkDurability(weak, true);
    },
  );

  test('refuses one that is too old, tests or not', async () => {
    await expect(checkDurability(server({ ...sound, server_version_num: '130011' }), true)).rejects.toThrow(
      'PostgreSQL 14',
    );
  });

  test('is made of the server that is connected to', async () => {
    await expect(openDb({ url: database.url, logger })).rejects.toThrow('could lose acknowledged messages');
  });
});
