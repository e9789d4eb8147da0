import { expect, test } from 'vitest';
import { createClient } from './create-client.ts';
import { endpointsOf } from './endpoints.ts';

test('subscriptions go where requests go, unless the options say otherwise', () => {
  expect(endpointsOf({ url: 'https://chat.example/graphql' }).subscriptionsUrl).toBe('wss://chat.example/graphql');
  expect(endpointsOf({ url: 'http://127.0.0.1:4000/graphql' }).subscriptionsUrl).toBe('ws://127.0.0.1:4000/graphql');
  expect(
    endpointsOf({ url: 'https://a.example/graphql', subscriptionsUrl: 'wss://b.example/graphql' }).subscriptionsUrl,
  ).toBe('wss://b.example/graphql');
});

test.each(['https://chat.example', 'https://chat.example/'])('%s is the address of the server', (url) => {
  expect(endpointsOf({ url })).toEqual({
    url: 'https://chat.example/graphql',
    subscriptionsUrl: 'wss://chat.example/graphql',
  });
  expect(endpointsOf({ url: 'https://chat.example/api/graphql' }).url).toBe('https://chat.example/api/graphql');
});

test.each(['', 'chat.example', 'ftp://chat.example', 'wss://chat.example'])('%j is refused with the rule', (url) => {
  expect(() => createClient({ url, token: 't' })).toThrow(
    /unable to accept url; it must be an address that begins with http/,
  );
});
