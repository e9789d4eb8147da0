/**
 * The value that an object holds under a key that somebody sent. Inherited properties ("constructor", "toString", the prototype under
 * "__proto__") are nobody's values, so they are undefined here.
 */
export const ownValue = <T>(object: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;
