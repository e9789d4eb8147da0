import { InitialSchema1767225600000 } from './1767225600000-initial-schema.ts';

/** In the order in which they run. */
export const migrations = [InitialSchema1767225600000];
