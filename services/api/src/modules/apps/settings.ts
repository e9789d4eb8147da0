import { type AppSettings, defaultAppSettings, type JsonObject, userVisibilities } from '@parley/contracts';
import { parseWith } from '@parley/contracts/schemas';
import { z } from 'zod';

/** What is absent stays. */
export type AppSettingsChange = { readonly [Name in keyof AppSettings]?: AppSettings[Name] | null | undefined };

const boolean = z.boolean('it is true or false');
const visibility = z.enum(userVisibilities, `it is one of ${userVisibilities.join(', ')}`);
const change: z.ZodType<AppSettingsChange> = z.object({
  usersMayCreateUsers: boolean.nullish(),
  userVisibility: visibility.nullish(),
  presenceVisible: boolean.nullish(),
});

/** What was stored, and for the rest what every app begins with. */
const stored = z.object({
  usersMayCreateUsers: boolean.catch(defaultAppSettings.usersMayCreateUsers),
  // A word that this node does not know, perhaps of a newer one: nobody shall see more than was meant.
  userVisibility: visibility.default(defaultAppSettings.userVisibility).catch('SERVER'),
  presenceVisible: boolean.default(defaultAppSettings.presenceVisible).catch(false),
});

export function appSettingsOf(settings: JsonObject): AppSettings {
  for (const _ in settings) return stored.parse(settings);
  return defaultAppSettings;
}

/** Only what was said. @throws invalid_input */
export function checkedSettings(input: AppSettingsChange): JsonObject {
  const said = Object.entries(parseWith(change, input)).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(said) as JsonObject;
}
