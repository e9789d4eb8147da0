import { ParleyError } from '@parley/contracts';

/** So much waits in the channel already that this was not taken: whoever typed it must have it back. */
export const isOneTooMany = (error: unknown): boolean => error instanceof ParleyError && error.code === 'rate_limited';
