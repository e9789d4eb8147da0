/** Whether two objects of one form, or two arrays, hold the same values. */
export function sameFields<T extends object>(one: T, other: T): boolean {
  const fields: readonly (readonly [string, unknown])[] = Object.entries(one);
  const others = new Map<string, unknown>(Object.entries(other));
  return fields.length === others.size && fields.every(([name, value]) => others.get(name) === value);
}
