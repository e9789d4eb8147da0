import { type AppSettings, defaultAppSettings, type JsonObject, userVisibilities } from '@parley/contracts';
import { z } from 'zod';

/** What was stored, and for the rest what every app begins with. */
const stored = z.object({
  usersMayCreateUsers: z.boolean().catch(defaultAppSettings.usersMayCreateUsers),
  // A word that this node does not know, perhaps of a newer one: nobody shall see more than was meant.
  userVisibility: z.enum(userVisibilities).default(defaultAppSettings.userVisibility).catch('SERVER'),
  presenceVisible: z.boolean().default(defaultAppSettings.presenceVisible).catch(false),
});

/** The settings of an app, of what its row holds. */
export function appSettingsOf(settings: JsonObject): AppSettings {
  for (const _ in settings) return stored.parse(settings);
  return defaultAppSettings;
}
