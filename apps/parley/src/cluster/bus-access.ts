import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BusService, busPermissions } from '@parley/contracts/bus';
import type { NatsAccess } from '@parley/local-nats';

/** What each service is on the bus of one cluster, and its servers to each other. */
type Passwords = Readonly<Record<BusService | 'route', string>>;

/** Who may say and hear what on the bus of a cluster. */
export interface BusAccess {
  readonly servers: NatsAccess;
  /** `NATS_URL` of a service, for servers at these addresses. */
  urlFor(service: BusService, urls: readonly string[]): string;
}

const passwordBytes = 24;

/** Reads the passwords of the cluster, which its owner alone may read; makes them at its first start. */
export async function prepareBusAccess(dataDir: string): Promise<BusAccess> {
  const path = join(dataDir, 'bus-passwords.json');
  const passwords = (await readPasswords(path)) ?? (await makePasswords(path));
  const services: readonly BusService[] = ['api', 'fanout'];
  return {
    servers: {
      users: services.map((name) => ({ name, password: passwords[name], ...busPermissions[name] })),
      routePassword: passwords.route,
      folder: join(dataDir, 'nats'),
    },
    urlFor: (service, urls) =>
      urls
        .map((text) => {
          const url = new URL(text);
          url.username = service;
          url.password = passwords[service];
          return url.href;
        })
        .join(','),
  };
}

async function readPasswords(path: string): Promise<Passwords | undefined> {
  try {
    const { api, fanout, route } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    if (typeof api === 'string' && typeof fanout === 'string' && typeof route === 'string')
      return { api, fanout, route };
  } catch {
    // Not there, or half of it: nothing outlives the cluster that knows the old ones.
  }
  return undefined;
}

async function makePasswords(path: string): Promise<Passwords> {
  const password = () => randomBytes(passwordBytes).toString('base64url');
  const passwords = { api: password(), fanout: password(), route: password() };
  // Whole or not at all, and never readable by others.
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(passwords), { mode: 0o600 });
  await rename(unfinished, path);
  return passwords;
}
