import { ParleyError } from '../src/index.ts';

/** The refusal that the act ends with. */
export function refusal(act: () => unknown): ParleyError {
  try {
    act();
  } catch (err) {
    if (err instanceof ParleyError) return err;
    throw err;
  }
  throw new Error('expected a refusal');
}
