import { fileURLToPath } from 'node:url';
import { createServerClient, type ServerClient } from '@parley/sdk-server';
import type { Addresses } from './addresses.ts';
import type { DemoApp } from './demo-app.ts';
import type { DevRoutes } from './server.ts';
import { createStaticFiles } from './static-files.ts';
import { createTokenRoute } from './token-route.ts';

const demoPage = fileURLToPath(new URL('../../../../examples/02-react-messenger/dist', import.meta.url));
const hourSeconds = 3_600;

/** The back end of the demo app: what a tenant would run. */
export function demoBackend({ graphqlUrl }: Addresses, app: DemoApp): ServerClient {
  return createServerClient({ url: graphqlUrl, keyId: app.apiKey, secret: app.apiSecret });
}

/** The demo page, and tokens for whoever asks on this machine. */
export function createDemoRoutes(addresses: Addresses, app: DemoApp): Pick<DevRoutes, 'token' | 'files'> {
  const backend = demoBackend(addresses, app);
  const mint = (userId: string) => backend.mintUserToken(userId, { expiresInSeconds: hourSeconds });
  return {
    token: createTokenRoute({ appId: app.appId, apiKey: app.apiKey, mint }),
    files: createStaticFiles(demoPage),
  };
}
