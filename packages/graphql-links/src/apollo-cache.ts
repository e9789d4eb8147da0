export { applyEvent } from './apollo-events.ts';
export { typePolicies } from './apollo-policies.ts';
export type { CacheEvent } from './cache-event.ts';
export { possibleTypes } from './possible-types.ts';
