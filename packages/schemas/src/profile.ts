import type { JsonObject } from '@parley/contracts';
import { z } from 'zod';
import { customData } from './json.ts';
import { name, webUrl } from './text.ts';

/** Null for what was not said. */
export const orNull = <T>(schema: z.ZodType<T>): z.ZodType<T | null> =>
  schema.nullish().transform((value) => value ?? null);

/** Custom data, empty when none is given. */
export const customOrEmpty: z.ZodType<JsonObject> = customData.nullish().transform((custom) => custom ?? {});

/** The profile of a user or channel. Omitted fields are unchanged; null clears. */
export interface ProfileChange {
  name?: string | null;
  image?: string | null;
  custom?: JsonObject;
}

export const profileChange: z.ZodType<ProfileChange> = z.object({
  name: name.nullable().exactOptional(),
  image: webUrl.nullable().exactOptional(),
  custom: customData
    .nullable()
    .transform((custom) => custom ?? {})
    .exactOptional(),
});
