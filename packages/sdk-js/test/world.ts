import { type FakeClock, fakeClock } from '@parley/testkit';
import { onTestFinished } from 'vitest';
import type { Client, ClientOptions } from '../src/client.ts';
import type { Hint } from '../src/connection/hints.ts';
import { composeClient } from '../src/create-client.ts';
import { createEmitter } from '../src/lib/emitter.ts';
import { FakeNetwork } from './fake-network.ts';

/** A token as the API mints them, unsigned. Times in epoch seconds. */
export function tokenOf(claims: {
  readonly sub?: string;
  readonly exp?: number;
  readonly iat?: number;
  readonly n?: number;
}): string {
  const part = (value: object): string =>
    btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `${part({ alg: 'HS256' })}.${part(claims)}.signature`;
}

export interface World {
  readonly clock: FakeClock;
  readonly network: FakeNetwork;
  readonly client: Client;
  hint(hint: Hint): void;
  /** Lets what is under way arrive, without time passing. */
  settle(): Promise<void>;
}

/** A client of ada's with a fake network and a clock that stands still. Disconnected at the end of the test, which must leave no timer. */
export function createWorld(options: Partial<ClientOptions> = {}, network = new FakeNetwork()): World {
  const clock = fakeClock();
  const hints = createEmitter<Hint>();
  const credentials =
    options.getToken === undefined
      ? { token: options.token ?? tokenOf({ sub: 'ada' }) }
      : { getToken: options.getToken };
  const client = composeClient(
    {
      url: 'http://parley.test/graphql',
      transport: options.transport,
      userId: options.userId,
      logger: options.logger,
      logLevel: options.logLevel ?? 'silent',
      ...credentials,
    },
    { clock, random: () => 0.5, hints, fetch: network.fetch, WebSocket: options.webSocket ?? network.WebSocket },
  );
  onTestFinished(async () => {
    client.disconnect();
    await clock.advanceAsync(0);
    if (clock.pending > 0) throw new Error(`${clock.pending} timers are left after disconnect`);
  });
  return { clock, network, client, hint: hints.emit, settle: () => clock.advanceAsync(0) };
}
