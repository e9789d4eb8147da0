import { type JsonObject, limits } from '@parley/contracts';
import { z } from 'zod';
import { isStorableText } from './text.ts';
import { utf8Bytes } from './utf8-bytes.ts';

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Whether it is a JSON object through and through, with no text that a database cannot hold. Does not recurse: depth is the sender's choice. */
export function isJsonObject(value: unknown): value is JsonObject {
  if (!isPlainObject(value)) return false;
  const waiting: unknown[] = [value];
  const seen = new Set<unknown>();
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (part === null || typeof part === 'boolean' || Number.isFinite(part)) continue;
    if (typeof part === 'string') {
      if (!isStorableText(part)) return false;
      continue;
    }
    // A part met twice may be a circle, and what was read from JSON has none.
    if (seen.has(part)) return false;
    seen.add(part);
    if (Array.isArray(part)) for (const inside of part as readonly unknown[]) waiting.push(inside);
    else if (isPlainObject(part)) for (const [key, inside] of Object.entries(part)) waiting.push(key, inside);
    else return false;
  }
  return true;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether lists and objects are within each other at most `limit` times. Goes level by level, so no depth is too much for it. */
function isWithinDepth(value: unknown, limit: number): boolean {
  let level = [value].filter(isObject);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === limit) return false;
    level = level.flatMap((part) => Object.values(part).filter(isObject));
  }
  return true;
}

/** A JSON object of any size. */
export const jsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>(isJsonObject, 'it must be a JSON object');

/** The same of what was just read from JSON, so that its parts need no look: they are JSON. */
export const readJsonObject: z.ZodType<JsonObject> = z.custom<JsonObject>(isPlainObject, 'it must be a JSON object');

/** Custom data as it is sent in. */
export const customData: z.ZodType<JsonObject> = z
  .custom<JsonObject>(
    isJsonObject,
    'it must be a JSON object of texts, numbers, booleans, nulls, lists and objects, without U+0000',
  )
  .refine((custom) => isWithinDepth(custom, limits.customDepth), {
    message: `at most ${limits.customDepth} levels deep; nest less, or store what is below as text`,
    params: { limit: limits.customDepth },
    abort: true,
  })
  .refine((custom) => utf8Bytes(custom) <= limits.customBytes, {
    message: `at most ${limits.customBytes} bytes as JSON; keep larger data elsewhere and store its address here`,
    params: { limit: limits.customBytes },
  });
