/** Whether two objects of one form, or two arrays, hold the same values. */
export const sameFields = <T extends object>(a: T, b: T): boolean =>
  Object.keys(a).length === Object.keys(b).length && (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key]);
