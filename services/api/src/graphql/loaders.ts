import type { LoaderScope } from '../module.ts';
import { modules } from '../modules/index.ts';
import type { Actor } from '../platform/actor.ts';
import type { Services } from './services.ts';

/** What the loaders of all modules read: each collects what the fields of one operation ask for. */
export type Loaders = ReturnType<typeof modules.loaders>;

/** Loaders of one operation by one actor; they live as long as it does. */
export const createLoaders = (services: Services, actor: Actor, answer: LoaderScope<Services>['answer']): Loaders =>
  modules.loaders({ services, actor, answer });
