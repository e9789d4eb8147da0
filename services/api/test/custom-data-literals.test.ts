import { limits } from '@parley/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, type WorldApp } from './world.ts';

let world: World;
let app: WorldApp;
beforeAll(async () => {
  world = await createWorld();
  app = await world.app();
});
afterAll(() => world.close());

/** Custom data of a user that was written as this literal. */
async function kept(definitions: string, literal: string, variables: Record<string, unknown> = {}) {
  const query = `mutation ${definitions} { upsertUsers(input: { users: [{ id: "ada", custom: ${literal} }] }) { custom } }`;
  const { data, errors } = await app.execute(query, JSON.parse(JSON.stringify(variables)));
  return errors?.[0] ?? (data as { upsertUsers: [{ custom: unknown }] }).upsertUsers[0].custom;
}

test('constants are what they say, whatever their keys', async () => {
  expect(JSON.stringify(await kept('', '{ a: [1.5, "x", null, true, ENUM], __proto__: { x: -1e3 } }'))).toBe(
    '{"a":[1.5,"x",null,true,"ENUM"],"__proto__":{"x":-1000}}',
  );
});

test('one variable may stand in two places', async () => {
  const v = { x: [1, { y: 2 }] };
  expect(await kept('($v: JSONObject!)', '{ a: $v, b: [$v] }', { v })).toEqual({ a: v, b: [v] });
});

test('an entry whose variable was not given is left out; in a list it is null', async () => {
  expect(await kept('($v: String)', '{ a: 1, b: $v, c: [$v] }')).toEqual({ a: 1, c: [null] });
});

test('a variable that is used many times counts as often', async () => {
  const many = Array.from({ length: 200 }, (_, at) => `k${at}: $v`).join(' ');
  expect(await kept('($v: String)', `{ ${many} }`, { v: 'x'.repeat(20_000) })).toMatchObject({
    extensions: { code: 'invalid_input', limit: limits.customBytes },
  });
});

test.each(['9007199254740993', '1152921504606846976', '1e400', `1${'0'.repeat(400)}`])(
  '%s is refused, not rounded',
  async (number) => {
    expect(await kept('', `{ a: ${number} }`)).toMatchObject({
      message: expect.stringContaining('send it as text'),
      extensions: { code: 'invalid_input' },
      locations: [expect.anything()],
    });
  },
);
