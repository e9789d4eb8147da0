import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@parley/local-postgres';
import { NatsStartError } from './errors.ts';
import { type NatsRoutes, type NatsUser, natsConfig } from './nats-config.ts';
import { type NatsServer, type StartNatsOptions, startNats } from './start-nats.ts';

const joinTimeoutMs = 10_000;

/** Who may connect to the servers, and where that is kept from others. */
export interface NatsAccess {
  readonly users: readonly NatsUser[];
  /** With which the servers meet each other. */
  readonly routePassword: string;
  /** For the configuration of each server; made when it is not there, for its owner alone. */
  readonly folder: string;
}

/** Options of {@link startNatsCluster}. */
export interface StartNatsClusterOptions extends Pick<StartNatsOptions, 'program'> {
  /** Absent: whoever reaches the servers may say and hear everything. */
  readonly access?: NatsAccess;
}

/**
 * Starts servers that pass everything on to one another, and waits until each is joined to each.
 * @throws NatsMissingError, NatsStartError
 */
export async function startNatsCluster(
  size: number,
  { program, access }: StartNatsClusterOptions = {},
): Promise<NatsServer[]> {
  if (size === 1) {
    const args = access === undefined ? [] : ['--config', await writeConfig(access, 0)];
    return [await startNats({ program, args })];
  }
  const places = await Promise.all(
    Array.from({ length: size }, async () => ({ route: await freePort(), monitor: await freePort() })),
  );
  const routes = places.map(({ route }) => `nats://127.0.0.1:${route}`).join(',');
  const begun = await Promise.allSettled(
    places.map(async ({ route, monitor }, index) => {
      const ports = places.map((place) => place.route);
      const joined =
        access === undefined
          ? ['--cluster_name', 'parley', '--cluster', `nats://127.0.0.1:${route}`, '--routes', routes, '--no_advertise']
          : ['--config', await writeConfig(access, index, { port: route, ports, password: access.routePassword })];
      return startNats({ program, args: [...joined, '--http_port', String(monitor)] });
    }),
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

/** In a file, since everybody on a machine sees the arguments of every program. */
async function writeConfig({ users, folder }: NatsAccess, index: number, routes?: NatsRoutes): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `nats-${index}.conf`);
  await writeFile(path, natsConfig(users, routes), { mode: 0o600 });
  return path;
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
