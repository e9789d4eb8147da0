import { type AppSettings, type JsonObject, userVisibilities } from '@parley/contracts';
import { parseWith } from '@parley/schemas';
import { z } from 'zod';

/** Omitted fields are unchanged. */
export type AppSettingsChange = { readonly [Name in keyof AppSettings]?: AppSettings[Name] | null | undefined };

const boolean = z.boolean('it is true or false');
const visibility = z.enum(userVisibilities, `it is one of ${userVisibilities.join(', ')}`);
const change: z.ZodType<AppSettingsChange> = z.object({
  usersMayCreateUsers: boolean.nullish(),
  userVisibility: visibility.nullish(),
  presenceVisible: boolean.nullish(),
});

/** Only what was said. @throws invalid_input */
export function checkedSettings(input: AppSettingsChange): JsonObject {
  const said = Object.entries(parseWith(change, input)).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(said) as JsonObject;
}
