import { ParleyError } from '@parley/contracts';
import type { Actor } from '../platform/actor.ts';
import type { AnswerBudget } from './answer-budget.ts';
import type { Loaders } from './loaders.ts';
import { createLoaders } from './loaders.ts';
import type { Services } from './services.ts';

/** What every resolver of one operation is given; not the services that ask nobody who they are. */
export interface GraphqlContext extends Omit<Services, 'auth' | 'keys' | 'accessChanges'> {
  /** @throws unauthenticated when the operation came without a token */
  readonly actor: Actor;
  readonly loaders: Loaders;
  /** Read before anything else, so that a client which resumes with it after a change of the epoch gets a reset. */
  readonly logEpoch: string;
  /** What the answer takes so far. */
  readonly answer: AnswerBudget;
}

/** The refusal of everything that needs a caller. */
export const withoutToken = (): ParleyError =>
  new ParleyError(
    'unauthenticated',
    'unable to authenticate; no token was sent, send the header "Authorization: Bearer <token>"',
  );

export function createContext(services: Services, caller: Actor | null, answer: AnswerBudget): GraphqlContext {
  let loaders: Loaders | null = null;
  const actor = (): Actor => {
    if (caller === null) throw withoutToken();
    return caller;
  };
  return {
    ...services,
    logEpoch: services.epoch.current,
    answer,
    get actor() {
      return actor();
    },
    get loaders() {
      loaders ??= createLoaders(services, actor(), answer);
      return loaders;
    },
  };
}
