import { expect, test } from 'vitest';
import { parseNatsServers } from './nats-servers.ts';

test('without credentials there are none', () => {
  expect(parseNatsServers('nats://a:4222, tls://b:4223')).toEqual({ servers: ['nats://a:4222', 'tls://b:4223'] });
});

test('the credentials of one server are those for all, and do not stay in the addresses', () => {
  expect(parseNatsServers('nats://api:s%40cret@a:4222,nats://[::1]:4223')).toEqual({
    servers: ['nats://a:4222', 'nats://[::1]:4223'],
    user: 'api',
    pass: 's@cret',
  });
});
