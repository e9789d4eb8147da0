import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@parley/local-postgres';
import { NatsStartError } from './errors.ts';
import { type NatsServer, type StartNatsOptions, startNats } from './start-nats.ts';

const joinTimeoutMs = 10_000;

/**
 * Starts servers that pass everything on to one another, and waits until each is joined to each.
 * @throws NatsMissingError, NatsStartError
 */
export async function startNatsCluster(
  size: number,
  { program }: Pick<StartNatsOptions, 'program'> = {},
): Promise<NatsServer[]> {
  if (size === 1) return [await startNats({ program })];
  const places = await Promise.all(
    Array.from({ length: size }, async () => ({ route: await freePort(), monitor: await freePort() })),
  );
  const routes = places.map(({ route }) => `nats://127.0.0.1:${route}`).join(',');
  const begun = await Promise.allSettled(
    places.map(({ route, monitor }) =>
      startNats({
        program,
        args: [
          ...['--cluster_name', 'parley', '--cluster', `nats://127.0.0.1:${route}`, '--routes', routes],
          // A client uses the addresses that it was given, not those that a server knows of.
          '--no_advertise',
          ...['--http_port', String(monitor)],
        ],
      }),
    ),
  );
  const servers = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    for (const one of begun) if (one.status === 'rejected') throw one.reason;
    await Promise.all(servers.map(({ port }, index) => untilJoined(port, places[index]?.monitor ?? 0, size - 1)));
    return servers;
  } catch (error) {
    await Promise.all(servers.map((server) => server.kill()));
    throw error;
  }
}

async function untilJoined(port: number, monitor: number, others: number): Promise<void> {
  const deadline = Date.now() + joinTimeoutMs;
  while ((await routesOf(monitor)) < others) {
    if (Date.now() > deadline) throw new NatsStartError(port, `it was not joined to ${others} others in time`, '');
    await delay(20);
  }
}

/** How many other servers this one is joined to. */
async function routesOf(monitor: number): Promise<number> {
  try {
    const response = await fetch(`http://127.0.0.1:${monitor}/routez`, { signal: AbortSignal.timeout(1_000) });
    const answer: unknown = await response.json();
    if (typeof answer !== 'object' || answer === null || !('routes' in answer) || !Array.isArray(answer.routes))
      return 0;
    // Newer servers keep several connections to each other.
    return new Set(answer.routes.map((route: { remote_id?: unknown }) => route.remote_id)).size;
  } catch {
    return 0;
  }
}
