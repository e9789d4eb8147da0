/**
 * The value that an object holds under a key that somebody sent. What every object inherits ("constructor", "toString", the prototype under
 * "__proto__") is nobody's value, so it is undefined here.
 */
export const ownValue = <T>(object: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;
