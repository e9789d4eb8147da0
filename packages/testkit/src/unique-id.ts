import { randomBytes } from 'node:crypto';

/** An id that no other test has, such as `user-3f9a1c0b72de`. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}
