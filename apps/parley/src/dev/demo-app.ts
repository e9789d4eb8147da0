import type { Api } from '@parley/api';

/** The app that a platform on this machine works in, and its key. */
export interface DemoApp {
  readonly appId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const name = 'Parley demo';

/** The same app with the same key at every start on the same data, so that what others wrote down stays true. */
export async function ensureDemoApp(apps: Api['apps']): Promise<DemoApp> {
  const existing = (await apps.list()).find((app) => app.name === name);
  if (existing === undefined) {
    const { app, key } = await apps.create({ name, environment: 'development' });
    return { appId: app.id, apiKey: key.keyId, apiSecret: key.secret };
  }
  const [key = await apps.createKey(existing.id)] = await apps.keys(existing.id);
  return { appId: existing.id, apiKey: key.keyId, apiSecret: key.secret };
}
