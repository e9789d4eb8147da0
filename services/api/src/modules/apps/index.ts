import './keys-schema.ts';
import './schema.ts';
import './settings-schema.ts';
import type { Foundation } from '../../foundation.ts';
import { defineModule, none } from '../../module.ts';
import { type AppKeys, createAppKeys } from './keys.ts';
import { type AppsService, createAppsService } from './service.ts';
import { type AppSettingsService, createAppSettings } from './settings-service.ts';

interface Own {
  readonly apps: AppsService;
  readonly appSettings: AppSettingsService;
  /** For who operates the platform. */
  readonly keys: AppKeys;
}

/** Tenants' apps, their keys and settings. */
export const apps = defineModule({
  name: 'apps',
  services({ db, publisher, secrets }: Foundation): Own {
    const keys = createAppKeys({ db, publisher, secrets });
    return {
      keys,
      apps: createAppsService({ db, publisher, keys, secrets }),
      appSettings: createAppSettings({ db, publisher }),
    };
  },
  loaders: none,
  rpc: none,
});
