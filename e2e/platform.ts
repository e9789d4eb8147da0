import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevPlatform, startDev } from '@parley/cli';
import { createServerClient } from '@parley/sdk-server';
import { silentLogger } from '@parley/service-kit';

/** A folder for one test's data; the database does not run as root, so others may enter. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** `parley dev` in this process, on a free port and a folder of its own: everything behind one address. */
export async function startPlatform({ demo = false } = {}): Promise<DevPlatform> {
  const folder = await temporaryFolder();
  const dataDir = join(folder.path, 'data');
  const platform = await startDev({ port: 0, dataDir, reset: false, demo, json: true }, silentLogger());
  return {
    ...platform,
    async close() {
      await platform.close();
      await folder.remove();
    },
  };
}

/** What prints where it is, as `parley dev --json` does. */
interface PrintedApp {
  readonly graphqlUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Makes a channel as the back end of the app would, so that its id is `messaging:<key>`. */
export const makeChannel = (
  { graphqlUrl: url, apiKey: keyId, apiSecret: secret }: PrintedApp,
  key: string,
  memberIds: readonly string[],
) => createServerClient({ url, keyId, secret }).createChannel({ type: 'messaging', key, memberIds });

/** Runs one operation as a user of the demo and gives its data. @throws when there are errors */
export async function askAs(
  { graphqlUrl, tokens }: Pick<DevPlatform, 'graphqlUrl' | 'tokens'>,
  userId: string,
  query: string,
  variables: Record<string, unknown>,
): Promise<Record<string, Record<string, unknown> | null>> {
  const { data, errors } = await post(graphqlUrl, tokens[userId] ?? '', query, variables);
  if (errors !== undefined) throw new Error(`unable to ask as ${userId}: ${JSON.stringify(errors)}`);
  return data as Record<string, Record<string, unknown> | null>;
}

/** Runs one operation by plain HTTP and gives the whole answer. */
export async function post(
  url: string,
  token: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer: unknown = await response.json();
  return typeof answer === 'object' && answer !== null ? { ...answer } : {};
}
