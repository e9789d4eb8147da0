import { openAdministration } from '@parley/api/administration';
import { createServerClient, type ServerClient } from '@parley/sdk-server';
import { silentLogger } from '@parley/service-kit';
import { uniqueId } from '@parley/testkit';

/** An app with its key. */
export interface Tenant {
  readonly appId: string;
  readonly keyId: string;
  readonly secret: string;
  readonly server: ServerClient;
  token(userId: string): Promise<string>;
}

const tokenSeconds = 3_600;

/** Makes an app. `url` is where its back end calls. */
export async function createTenant(databaseUrl: string, url: string): Promise<Tenant> {
  const { app, key } = await createApp(databaseUrl);
  const { keyId, secret } = key;
  const server = createServerClient({ url, keyId, secret });
  return {
    appId: app.id,
    keyId,
    secret,
    server,
    token: (userId) => server.mintUserToken(userId, { expiresInSeconds: tokenSeconds }),
  };
}

async function createApp(databaseUrl: string) {
  const administration = await openAdministration({ databaseUrl, logger: silentLogger(), testMode: true });
  try {
    return await administration.apps.create({ name: uniqueId('chaos') });
  } finally {
    await administration.close();
  }
}
