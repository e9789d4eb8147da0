import type { RpcMethod } from '@parley/contracts/bus';
import type { Foundation } from './foundation.ts';
import type { AnswerBudget } from './graphql/answer-budget.ts';
import type { Actor } from './platform/actor.ts';
import type { Consumer } from './platform/consumers/define-consumer.ts';
import type { EventBatch } from './platform/event-batch.ts';
import type { Job } from './platform/job-queue/define-job.ts';
import type { SendOptions } from './platform/job-queue/job-queue.ts';
import type { CountedQuestions } from './rpc/counted-questions.ts';
import type { Handler } from './rpc/handler.ts';

/** What the loaders of one operation are made from. They live as long as the operation does. */
export interface LoaderScope<Services> {
  readonly services: Services;
  readonly actor: Actor;
  readonly answer: Pick<AnswerBudget, 'inTurn'>;
}

/** What the handlers of the bus are made from. */
export interface RpcScope<Services> {
  readonly foundation: Foundation;
  readonly services: Services;
  /** Counts questions of many users in one message as operations over HTTP are counted. */
  readonly questions: CountedQuestions;
}

/** Handlers of some methods of the bus. */
export type RpcPart = { readonly [Method in RpcMethod]?: Handler<Method> };

/** Sends background work to the jobs of this node. */
export interface JobSender {
  /**
   * Resolves once it is stored, with its id; null: one of its key waits already. The name and the schema say which job, so that whoever sends needs
   * not have what the job is made from.
   * @throws invalid_input, unavailable
   */
  send<Input extends object>(
    job: Pick<Job<Input>, 'name' | 'schema'>,
    input: Input,
    options?: SendOptions,
  ): Promise<string | null>;
}

/** What durable consumers and jobs are made from. */
export interface BackgroundScope<Services> {
  readonly foundation: Foundation;
  readonly services: Services;
  readonly jobs: JobSender;
}

/** Work that every node repeats, `everyMs` after its last run ended. What a crash interrupts is not made up for. */
export interface RecurringWork {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

/**
 * What a module of the API brings, in its `index.ts`. Its GraphQL types register themselves: `index.ts` imports the schema files. `Before`: the
 * services of other modules that it uses; those modules stand before it in the list.
 */
export interface Module<Before, Own extends object, OwnLoaders extends object, OwnRpc extends RpcPart> {
  /** The name of its folder. */
  readonly name: string;
  readonly services: (foundation: Foundation, before: Before) => Own;
  readonly loaders: (scope: LoaderScope<Before & NoInfer<Own>>) => OwnLoaders;
  readonly rpc: (scope: RpcScope<Before & NoInfer<Own>>) => OwnRpc;
  readonly recurring?: (foundation: Foundation, services: Before & NoInfer<Own>) => readonly RecurringWork[];
  /** Background work, of which each piece is done at least once, by whatever node is free. */
  readonly jobs?: (scope: BackgroundScope<Before & NoInfer<Own>>) => readonly Job[];
  /** Readers of the log, which are given every event at least once. */
  readonly consumers?: (scope: BackgroundScope<Before & NoInfer<Own>>) => readonly Consumer[];
  /** Is given every batch of events that reached the bus. Never throws. */
  readonly published?: (batch: EventBatch, services: Before & NoInfer<Own>) => void;
}

/** Checks a module, and lets the types of its parts follow from what its services are made from. */
export const defineModule = <Before, Own extends object, OwnLoaders extends object, OwnRpc extends RpcPart>(
  module: Module<Before, Own, OwnLoaders, OwnRpc>,
): Module<Before, Own, OwnLoaders, OwnRpc> => module;

/** For a module without loaders, or without handlers of the bus. */
export const none = (): Record<never, never> => ({});

/** Modules in the order of their dependencies, and what all of them bring together. */
export interface ModuleList<Services extends object, Loaders extends object, Handlers extends object> {
  readonly names: readonly string[];
  /** The same list with one more module. That a service it uses stands further down, or nowhere, is a type error. */
  with<Own extends object, OwnLoaders extends object, OwnRpc extends RpcPart>(
    module: Module<Services, Own, OwnLoaders, OwnRpc>,
  ): ModuleList<Services & Own, Loaders & OwnLoaders, Handlers & OwnRpc>;
  services(foundation: Foundation): Services;
  loaders(scope: LoaderScope<Services>): Loaders;
  rpc(scope: RpcScope<Services>): Handlers;
  jobs(scope: BackgroundScope<Services>): readonly Job[];
  consumers(scope: BackgroundScope<Services>): readonly Consumer[];
  /** Starts what recurs, and passes on what is published. */
  start(foundation: Foundation, services: Services): void;
}

function extend<Services extends object, Loaders extends object, Handlers extends object>(
  list: Omit<ModuleList<Services, Loaders, Handlers>, 'with'>,
): ModuleList<Services, Loaders, Handlers> {
  return {
    ...list,
    with: (module) =>
      extend({
        names: [...list.names, module.name],
        services(foundation) {
          const before = list.services(foundation);
          return { ...before, ...module.services(foundation, before) };
        },
        loaders: (scope) => ({ ...list.loaders(scope), ...module.loaders(scope) }),
        rpc: (scope) => ({ ...list.rpc(scope), ...module.rpc(scope) }),
        jobs: (scope) => [...list.jobs(scope), ...(module.jobs?.(scope) ?? [])],
        consumers: (scope) => [...list.consumers(scope), ...(module.consumers?.(scope) ?? [])],
        start(foundation, services) {
          list.start(foundation, services);
          for (const { name, everyMs, run } of module.recurring?.(foundation, services) ?? [])
            foundation.jobs.every(name, everyMs, run);
          const { published } = module;
          if (published !== undefined) foundation.onPublished((batch) => published(batch, services));
        },
      }),
  };
}

/** A list without modules. */
export const moduleList = (): ModuleList<object, object, object> =>
  extend({
    names: [],
    services: none,
    loaders: none,
    rpc: none,
    jobs: () => [],
    consumers: () => [],
    start: () => undefined,
  });
