import type { JsonObject, JsonValue } from '@parley/contracts';
import { invalidInput, limits } from '@parley/contracts';

const loneSurrogate = /\p{Surrogate}/u;

/** Text that the database and every client can hold. @throws invalid_input */
export function checkedText(field: string, text: string, limit: number): string {
  if (text.length > limit)
    throw invalidInput(field, `text holds up to ${limit} characters, this has ${text.length}`, limit);
  if (text.includes('\0')) throw invalidInput(field, 'text may not hold the character U+0000, leave it out');
  if (loneSurrogate.test(text))
    throw invalidInput(field, 'text must be well-formed Unicode, this holds half of a character');
  return text;
}

/** @throws invalid_input */
export const checkedName = (field: string, name: string | null): string | null =>
  name === null ? null : checkedText(field, name, limits.name);

/** An address that a client may open or show: http or https. @throws invalid_input */
export function checkedUrl(field: string, url: string | null): string | null {
  if (url === null) return null;
  checkedText(field, url, limits.url);
  const parsed = URL.parse(url);
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return url;
  throw invalidInput(field, 'an address begins with https:// or http://');
}

function holdsBadText(value: JsonValue): boolean {
  if (typeof value === 'string') return value.includes('\0') || loneSurrogate.test(value);
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([key, part]) => holdsBadText(key) || holdsBadText(part));
}

/** Custom data within its limit. @throws invalid_input */
export function checkedCustom(field: string, custom: JsonObject): JsonObject {
  const bytes = Buffer.byteLength(JSON.stringify(custom));
  if (bytes > limits.customBytes) {
    throw invalidInput(
      field,
      `custom data holds up to ${limits.customBytes} bytes of JSON, this has ${bytes}`,
      limits.customBytes,
    );
  }
  if (holdsBadText(custom)) throw invalidInput(field, 'custom data may not hold U+0000 or half of a character');
  return custom;
}

/** A list within its limit, each item once. @throws invalid_input */
export function checkedList<T>(field: string, items: readonly T[], limit: number): readonly T[] {
  if (items.length > limit)
    throw invalidInput(
      field,
      `the list holds up to ${limit}, this has ${items.length}; send the rest in another call`,
      limit,
    );
  return [...new Set(items)];
}
