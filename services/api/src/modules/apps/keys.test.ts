import { randomBytes } from 'node:crypto';
import { silentLogger } from '@parley/service-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';
import { mintToken } from '../../../test/tokens.ts';
import { createWorld, type World, type WorldApp } from '../../../test/world.ts';
import { openAdministration } from '../../administration.ts';
import type { Db } from '../../platform/db.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import type { Sql } from '../../platform/sql.ts';
import { createAppKeys } from './keys.ts';

interface KeyInfo {
  readonly id: string;
  readonly label: string | null;
  readonly lastFour: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}
const fields = 'id label lastFour createdAt revokedAt';

describe('over GraphQL, a back end', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const listed = async (app: WorldApp) => (await app.data<{ apiKeys: KeyInfo[] }>(`{ apiKeys { ${fields} } }`)).apiKeys;
  const make = async (app: WorldApp, label?: string) => {
    const document = `mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret key { ${fields} } } }`;
    const input = label === undefined ? {} : { label };
    return (await app.data<{ createKey: { secret: string; key: KeyInfo } }>(document, { input })).createKey;
  };
  const revoke = (app: WorldApp, keyId: string, token?: string) =>
    app.execute(
      `mutation ($input: RevokeKeyInput!) { revokeKey(input: $input) { ${fields} } }`,
      { input: { keyId } },
      token === undefined ? {} : { as: { token } },
    );

  test('rotates its key: makes one, moves over, revokes the old one, whose tokens are refused at once', async () => {
    const app = await world.app();
    const { secret, key } = await make(app, ' Backend 2026 ');
    expect(key).toMatchObject({ label: 'Backend 2026', lastFour: secret.slice(-4), revokedAt: null });
    const server = await mintToken({ keyId: key.id, secret }, null, { scope: 'server' });
    const old = await app.token('ada');
    expect((await app.execute('{ me { id } }', {}, { as: { token: old } })).errors).toBeUndefined();

    expect((await revoke(app, app.keyId, server)).data).toMatchObject({ revokeKey: { id: app.keyId } });
    const { errors } = await app.execute('{ me { id } }', {}, { as: { token: old } });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(`the key ${app.keyId} was revoked at`),
      extensions: { code: 'unauthenticated' },
    });
    expect((await app.execute('{ apiKeys { id } }', {}, { as: { token: server } })).data).toEqual({
      apiKeys: [{ id: key.id }, { id: app.keyId }],
    });
  });

  test('cannot revoke the only key, is told what to do instead, and goes on', async () => {
    const app = await world.app();
    const { errors } = await revoke(app, app.keyId);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('it is the only one of the app'),
      extensions: { code: 'invalid_input', field: 'keyId' },
    });
    expect(errors?.[0]?.message).toContain('create another, move your back end to it, then revoke this one');
    expect(await listed(app)).toMatchObject([{ id: app.keyId, revokedAt: null }]);
  });

  test('is left one key when two are revoked at once', async () => {
    const app = await world.app();
    const { key } = await make(app);
    await Promise.all([revoke(app, app.keyId), revoke(app, key.id)]);
    const left = (await world.api.keys.list(app.appId)).filter(({ revokedAt }) => revokedAt === null);
    expect(left).toHaveLength(1);
  });

  test('never sees a secret again', async () => {
    const app = await world.app();
    const { secret } = await make(app);
    const text = JSON.stringify(await listed(app));
    expect(text).not.toContain(secret);
    expect(text).not.toContain(app.secret);
  });

  test.each([
    ['a label that is too long', 'createKey', 'CreateKeyInput', { label: 'x'.repeat(256) }, 'label'],
    ['a label of blanks', 'createKey', 'CreateKeyInput', { label: '  ' }, 'label'],
    [
      'an origin with a path',
      'setAllowedOrigins',
      'SetAllowedOriginsInput',
      { origins: ['https://a.b/c'] },
      'allowedOrigins.0',
    ],
  ])('is refused %s', async (_name, mutation, type, input, field) => {
    const app = await world.app();
    const selection = mutation === 'createKey' ? '{ secret }' : '{ id }';
    const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) ${selection} }`;
    expect((await app.execute(document, { input })).errors?.[0]?.extensions).toMatchObject({
      code: 'invalid_input',
      field,
    });
  });

  test.each([
    '{ apiKeys { id } }',
    '{ allowedOrigins }',
    'mutation { createKey(input: {}) { secret } }',
    'mutation { revokeKey(input: { keyId: "k" }) { id } }',
    'mutation { setAllowedOrigins(input: { origins: [] }) { id } }',
    'mutation { deleteUsers(input: { userIds: ["ada"] }) { id } }',
  ])('is who may, and no user: %s', async (document) => {
    const app = await world.app();
    const admin = 'mutation { upsertUsers(input: { users: [{ id: "eve", role: "admin" }] }) { id } }';
    await app.data(admin);
    const { errors } = await app.execute(document, {}, { as: { user: 'eve' } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'forbidden', permission: 'server' });
  });

  test('sets which websites may use its tokens, and reads it back', async () => {
    const app = await world.app();
    await app.data('mutation { setAllowedOrigins(input: { origins: ["https://a.example"] }) { id } }');
    expect(await app.data('{ allowedOrigins }')).toEqual({ allowedOrigins: ['https://a.example'] });
    const asked = app.execute(
      '{ me { id } }',
      {},
      { as: { user: 'ada' }, headers: { origin: 'https://evil.example' } },
    );
    expect((await asked).errors?.[0]?.extensions).toMatchObject({ code: 'forbidden' });
  });
});

describe('secrets at rest', () => {
  const [first, second] = [randomBytes(32), randomBytes(32)];
  let ground: Ground;
  beforeEach(async () => {
    ground = await createGround();
  });
  afterEach(() => ground.close());
  const stored = async (node: Node, keyId: string) =>
    (await node.db.query<{ secret: string }>('SELECT secret FROM api_keys WHERE key_id = $1', [keyId]))[0]?.secret;
  const opens = async (node: Node, key: { keyId: string; secret: string }) =>
    (await node.auth.open(await mintToken(key, 'ada'), null)).actor;

  test('are encrypted, and tokens are verified all the same', async () => {
    const node = await ground.node({ secretsKeys: [first] });
    const { key } = await node.apps.create({ name: 'App' });
    const further = await node.apps.createKey(key.appId);
    for (const one of [key, further]) {
      expect(await stored(node, one.keyId)).toMatch(/^v1\./);
      expect(await stored(node, one.keyId)).not.toContain(one.secret);
      expect(await opens(node, one)).toMatchObject({ userId: 'ada' });
    }
    expect(await node.keys.withSecrets(key.appId)).toEqual(expect.arrayContaining([key, further]));
  });

  test('of one key are of no use in the row of another', async () => {
    const node = await ground.node({ secretsKeys: [first] });
    const { key: mine } = await node.apps.create({ name: 'Mine' });
    const { key: theirs } = await node.apps.create({ name: 'Theirs' });
    const own = await stored(node, mine.keyId);
    await node.db.query('UPDATE api_keys SET secret = $2 WHERE key_id = $1', [theirs.keyId, own]);
    await expect(opens(node, { ...theirs, secret: mine.secret })).rejects.toThrow('it is not of this row');
    // Nor does one such row keep the others from being encrypted anew.
    const rotating = await ground.node({ secretsKeys: [second, first] });
    await expect(rotating.keys.reencrypt()).rejects.toThrow('it is not of this row');
    expect(await opens(await ground.node({ secretsKeys: [second] }), mine)).toMatchObject({ userId: 'ada' });
  });

  test('from before encryption work, and are encrypted by one command; again when the key is another; also from the middle', async () => {
    const before = await ground.node();
    const { key } = await before.apps.create({ name: 'App' });
    expect(await stored(before, key.keyId)).toBe(key.secret);

    const node = await ground.node({ secretsKeys: [first] });
    expect(await opens(node, key)).toMatchObject({ userId: 'ada' });
    expect(await node.keys.check()).toBeGreaterThan(0);
    expect(await node.keys.reencrypt()).toBeGreaterThan(0);
    expect(await node.keys.check()).toBe(0);
    expect(await node.keys.reencrypt()).toBe(0);

    const rotating = await ground.node({ secretsKeys: [second, first] });
    // The database goes away at the second row: what was done stays, what was not is done by the next run.
    const { key: other } = await node.apps.create({ name: 'Other' });
    const dying = createAppKeys({
      db: dyingAt(rotating.db, 2),
      publisher: rotating.publisher,
      secrets: createSecretBox([second, first]),
    });
    await expect(dying.reencrypt()).rejects.toMatchObject({ code: 'unavailable' });
    for (const one of [key, other]) expect(await opens(rotating, one)).toMatchObject({ userId: 'ada' });
    expect(await rotating.keys.reencrypt()).toBeGreaterThan(0);

    const after = await ground.node({ secretsKeys: [second] });
    for (const one of [key, other]) expect(await opens(after, one)).toMatchObject({ userId: 'ada' });
    await expect((await ground.node({ secretsKeys: [first] })).keys.check()).rejects.toThrow(
      /encrypted with the key [0-9a-f]{12}, which SECRETS_KEY does not hold: add it there/,
    );
  });
});

/** Kills the connection in the place of the nth statement that changes a secret. */
function dyingAt(db: Db, nth: number): Db {
  let count = 0;
  return {
    ...db,
    query: <Row>(text: string, params?: readonly unknown[]) => {
      if (text.startsWith('UPDATE api_keys SET secret')) count += 1;
      return count === nth
        ? db.query<Row>('SELECT pg_terminate_backend(pg_backend_pid())')
        : db.query<Row>(text, params);
    },
  };
}

describe('a revocation', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await createGround();
  });
  afterAll(() => ground.close());

  test.each([/UPDATE api_keys SET revoked_at/, /UPDATE apps SET access_changed_at/])(
    'in which the database goes away at %s revokes nothing, and can be repeated',
    async (at) => {
      const node = await ground.node();
      const { key } = await node.apps.create({ name: 'App' });
      await node.apps.createKey(key.appId);
      const transaction: Db['transaction'] = (work) =>
        node.db.transaction((sql) => {
          const broken: Sql = {
            query: async <Row>(text: string, params?: readonly unknown[]) => {
              if (at.test(text)) await sql.query('SELECT pg_terminate_backend(pg_backend_pid())');
              return await sql.query<Row>(text, params);
            },
          };
          return work(broken);
        });
      const dying = createAppKeys({
        db: { ...node.db, transaction },
        publisher: node.publisher,
        secrets: createSecretBox([]),
      });
      await expect(dying.revoke(key.appId, key.keyId)).rejects.toMatchObject({ code: 'unavailable' });
      expect(await node.auth.open(await mintToken(key, 'ada'), null)).toMatchObject({ actor: { userId: 'ada' } });
      await node.keys.revoke(key.appId, key.keyId);
      await expect(node.auth.open(await mintToken(key, 'ada'), null)).rejects.toThrow('was revoked at');
    },
  );

  test('by a tool that has no bus reaches those who listen on that of a node', async () => {
    const node = await ground.node();
    const { key } = await node.apps.create({ name: 'App' });
    const further = await node.apps.createKey(key.appId);
    const notices: unknown[] = [];
    node.bus.subscribe(`parley.${key.appId}.app`, (payload) => notices.push(JSON.parse(payload)));
    const tool = await openAdministration({ databaseUrl: ground.url, logger: silentLogger(), testMode: true });
    await tool.keys.revoke(key.appId, further.keyId);
    await tool.close();
    await eventually(() => expect(notices).toContainEqual({ kind: 'access', at: expect.stringMatching(/^20.*Z$/) }));
  });
});
