/** Whether two values are the same as JSON. What is no JSON cannot be compared, and counts as the same. */
export function sameContent(one: unknown, other: unknown): boolean {
  try {
    return JSON.stringify(one) === JSON.stringify(other);
  } catch {
    return true;
  }
}
