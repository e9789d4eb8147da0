import { type AppSettings, type JsonObject, ParleyError } from '@parley/contracts';
import { appSettingsOf } from '../../domain/app-settings.ts';
import { type Actor, requireServer } from '../../platform/actor.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { Sql } from '../../platform/sql.ts';
import { type AppSettingsChange, checkedSettings } from './settings.ts';

export interface AppSettingsService {
  /** @throws not_found */
  of(appId: string): Promise<AppSettings>;
  /**
   * Server tokens only. Holds for every request from now on. Sockets that see something else from now on are closed within a second, and come back.
   * @throws forbidden, invalid_input
   */
  update(actor: Actor, change: AppSettingsChange): Promise<AppSettings>;
}

export function createAppSettings({
  db,
  publisher,
}: {
  readonly db: Sql;
  readonly publisher: Pick<Publisher, 'accessChanged'>;
}): AppSettingsService {
  return {
    async of(appId) {
      const [row] = await db.query<{ settings: JsonObject }>('SELECT settings FROM apps WHERE app_id = $1', [appId]);
      if (row === undefined)
        throw new ParleyError('not_found', `unable to read the settings; there is no app ${appId}`);
      return appSettingsOf(row.settings);
    },

    async update(actor, input) {
      requireServer(actor, 'change the settings of the app');
      const { appId } = actor;
      const change = checkedSettings(input);
      const [row] = await db.query<{ settings: JsonObject; at: string }>(
        `UPDATE apps SET settings = settings || $2::jsonb, access_changed_at = now()
          WHERE app_id = $1 RETURNING settings, access_changed_at AS at`,
        [appId, JSON.stringify(change)],
      );
      if (row === undefined)
        throw new ParleyError('not_found', `unable to change the settings of the app; there is no app ${appId}`);
      publisher.accessChanged(appId, null, row.at);
      return appSettingsOf(row.settings);
    },
  };
}
