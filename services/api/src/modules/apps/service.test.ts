import { subjects } from '@parley/contracts/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApp } from '../../../test/chat.ts';
import { eventually } from '../../../test/eventually.ts';
import { createGround, type Ground, type Node } from '../../../test/ground.ts';

let ground: Ground;
let node: Node;
beforeAll(async () => {
  ground = await createGround();
  node = await ground.node();
});
afterAll(() => ground.close());

describe('an app', () => {
  test('comes with an organisation and a key', async () => {
    const { app, key } = await node.apps.create({ name: ' Shop ', environment: 'staging', organisation: 'Ada & co' });
    expect(app).toMatchObject({ name: 'Shop', environment: 'staging', allowedOrigins: [] });
    expect(app.id).toMatch(/^app_[a-z0-9]{19}$/);
    expect(key).toMatchObject({ appId: app.id, keyId: expect.stringMatching(/^key_[a-z0-9]{19}$/) });
    expect(Buffer.from(key.secret, 'base64url')).toHaveLength(32);
    expect(await node.apps.find(app.id)).toEqual(app);
    expect(await node.apps.list()).toContainEqual(app);
  });

  test('is made whole or not at all', async () => {
    const before = await node.apps.list();
    await node.db.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$`,
    );
    await node.db.query('CREATE TRIGGER refuse BEFORE INSERT ON api_keys FOR EACH ROW EXECUTE FUNCTION refuse()');
    await expect(node.apps.create({ name: 'Half' })).rejects.toThrow('full');
    await node.db.query('DROP TRIGGER refuse ON api_keys');
    expect(await node.apps.list()).toEqual(before);
    expect(
      await node.db.query(
        `SELECT 1 FROM organisations o WHERE NOT EXISTS (SELECT 1 FROM apps a WHERE a.organisation_id = o.organisation_id)`,
      ),
    ).toEqual([]);
  });

  test.each(['', '   ', 'x'.repeat(256), 'a\0b'])('is not made with the name %j', async (name) => {
    await expect(node.apps.create({ name })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'name' },
    });
  });

  test('that does not exist has no keys to give', async () => {
    await expect(node.apps.createKey('app_none')).rejects.toMatchObject({ code: 'not_found' });
    expect(await node.apps.find('app_none')).toBeNull();
    expect(await node.apps.keys('app_none')).toEqual([]);
  });
});

describe('keys', () => {
  test('overlap while they are rotated, and go one by one', async () => {
    const first = await newApp(node);
    const second = await node.apps.createKey(first.appId);
    expect((await node.apps.keys(first.appId)).map((key) => key.keyId).toSorted()).toEqual(
      [first.keyId, second.keyId].toSorted(),
    );
    const notices: unknown[] = [];
    node.bus.subscribe(subjects.app(first.appId), (payload) => notices.push(JSON.parse(payload)));
    await node.apps.revokeKey(first.appId, first.keyId);
    expect(await node.apps.keys(first.appId)).toEqual([second]);
    await eventually(() =>
      expect(notices).toContainEqual({ kind: 'revoked', keyId: first.keyId, issuedBefore: '9999-12-31T23:59:59.999Z' }),
    );
    await expect(node.apps.revokeKey(first.appId, first.keyId)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('of another app cannot be revoked', async () => {
    const [mine, other] = [await newApp(node), await newApp(node)];
    await expect(node.apps.revokeKey(mine.appId, other.keyId)).rejects.toMatchObject({ code: 'not_found' });
    expect(await node.apps.keys(other.appId)).toHaveLength(1);
  });

  test('are bounded, also when many are made at once', async () => {
    const { appId } = await newApp(node);
    const made = await Promise.allSettled(Array.from({ length: 24 }, () => node.apps.createKey(appId)));
    expect(made.filter((result) => result.status === 'fulfilled')).toHaveLength(19);
    await expect(node.apps.createKey(appId)).rejects.toMatchObject({ code: 'invalid_input', details: { limit: 20 } });
  });
});

describe('allowed origins', () => {
  test('are kept as browsers send them, each once', async () => {
    const { appId } = await newApp(node);
    const origins = ['https://a.example', 'http://localhost:3000', 'https://a.example'];
    expect((await node.apps.setAllowedOrigins(appId, origins)).allowedOrigins).toEqual([
      'https://a.example',
      'http://localhost:3000',
    ]);
    expect((await node.apps.find(appId))?.allowedOrigins).toEqual(['https://a.example', 'http://localhost:3000']);
  });

  test.each(['https://a.example/', 'a.example', 'https://a.example:443', '*', 'HTTPS://A.example'])(
    'refuse %s',
    async (origin) => {
      const { appId } = await newApp(node);
      await expect(node.apps.setAllowedOrigins(appId, [origin])).rejects.toMatchObject({
        code: 'invalid_input',
        details: { field: 'allowedOrigins.0' },
      });
    },
  );
});
