import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const audits = serverAudits({ url: () => `${world.url}/graphql` });

// Not what a server MAY do: no client can rely on that.
describe('as the specification of GraphQL over HTTP has it, the API', () => {
  test.for(audits.filter(({ name }) => !name.startsWith('MAY ')))('$name ($id)', async ({ fn }) => {
    const result = await fn();
    expect(result.status === 'ok' ? null : result.reason).toBeNull();
  });
});
