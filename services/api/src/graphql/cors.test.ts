import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postGraphql } from '../../test/post-graphql.ts';
import { createWorld, type World, type WorldApp } from '../../test/world.ts';

let world: World;
let app: WorldApp;
beforeAll(async () => {
  world = await createWorld();
  app = await world.app();
});
afterAll(() => world.close());

const post = (body: unknown, headers?: Record<string, string>) => postGraphql(world, body, headers);

describe('pages of other origins', () => {
  const origin = 'https://chat.example';
  test('a preflight is answered for any origin, without credentials', async () => {
    const response = await fetch(`${world.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test.each([
    ['apollographql-client-name,apollographql-client-version,authorization,content-type'],
    ['authorization,baggage,content-type,sentry-trace,traceparent'],
    ['authorization, content-type, graphql-require-preflight'],
  ])('a preflight allows the headers that it asks for: %s', async (asked) => {
    const response = await fetch(`${world.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
    });
    expect(response.headers.get('access-control-allow-headers')).toBe(asked);
    expect(response.headers.get('vary')).toContain('access-control-request-headers');
  });

  test('an app that names its origins is used from these only', async () => {
    const own = await world.app();
    await world.api.apps.setAllowedOrigins(own.appId, [origin]);
    const headers = { authorization: `Bearer ${await own.token('ada')}` };
    const allowed = await post({ query: '{ me { id } }' }, { ...headers, origin });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin'), allowed.headers.get('vary')]).toEqual([
      200,
      origin,
      'accept, accept-encoding, origin',
    ]);
    const refused = await post({ query: '{ me { id } }' }, { ...headers, origin: 'https://evil.example' });
    expect(refused).toMatchObject({ status: 403, body: { errors: [{ extensions: { code: 'forbidden' } }] } });
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect((await post({ query: '{ me { id } }' }, headers)).status).toBe(200);
  });

  test('a page may read why its token was refused', async () => {
    const answer = await post(
      { query: '{ me { id } }' },
      { origin, authorization: `Bearer ${await app.token('ada', { expiresIn: -100 })}` },
    );
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
  });
});
