import { ParleyError } from '@parley/contracts';
import type { Connection } from '../connection/driver.ts';
import type { GraphqlResult, Link } from '../connection/link.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { guarded } from '../lib/guarded.ts';
import type { Log } from '../lib/log.ts';
import { createTimer } from '../lib/timer.ts';
import { asParleyError, dataOf } from './graphql-error.ts';
import type { TypedDocument } from './typed-document.ts';

export type SubscriptionVariables = Record<string, unknown> | (() => Record<string, unknown>);

export interface SubscriptionSink<Data> {
  next(data: Data): void;
  /** The subscription has ended by an error that a retry would not cure. */
  error?(error: ParleyError): void;
  /** The server has ended the subscription. Without this method the subscription starts again, as after an interruption. */
  complete?(): void;
}

export type Subscribe = <Data>(
  document: string,
  variables: SubscriptionVariables | undefined,
  sink: SubscriptionSink<Data>,
) => () => void;

/** Follows a document of the SDK itself. */
export type SubscribeTyped = <Data, Variables extends Record<string, unknown>>(
  document: TypedDocument<Data, Variables>,
  variables: NoInfer<Variables> | (() => NoInfer<Variables>),
  sink: SubscriptionSink<Data>,
) => () => void;

export interface SubscriptionsOptions {
  readonly connection: Pick<Connection, 'link' | 'need'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** Keeps each subscription running over every link there will be, until it ends or is unsubscribed. */
export function createSubscribe({ connection, clock, random, log }: SubscriptionsOptions): Subscribe {
  const subscribe = (
    document: string,
    variables: SubscriptionVariables | undefined,
    sink: SubscriptionSink<unknown>,
  ): (() => void) => {
    const again = createTimer(clock);
    const operation = /subscription (\w+)/.exec(document)?.[1];
    let stopRun: (() => void) | null = null;
    let failures = 0;
    let over = false;

    const endRun = (): void => {
      stopRun?.();
      stopRun = null;
    };
    const end = (): void => {
      over = true;
      again.clear();
      unlisten();
      endRun();
    };
    const fail = (error: ParleyError): void => {
      if (over) return;
      endRun();
      if (!error.retryable) {
        log('warn', 'a subscription was refused', { operation, code: error.code });
        end();
        guarded(() => sink.error?.(error));
        return;
      }
      failures += 1;
      const retryInMs = Math.max(error.details.retryAfterMs ?? 0, backoffMs(failures, random()), 100);
      log('info', 'a subscription was interrupted', { operation, code: error.code, retryInMs });
      again.set(onLink, retryInMs);
    };
    const receive = (result: GraphqlResult): void => {
      let data: unknown;
      try {
        data = dataOf(result);
      } catch (error) {
        return void fail(asParleyError(error, 'read the event'));
      }
      failures = 0;
      guarded(() => sink.next(data));
    };
    const start = (link: Link | null): void => {
      again.clear();
      stopRun = null;
      if (over || link === null) return;
      log('debug', 'a subscription starts', { operation });
      const current = {};
      let run = current;
      const only =
        <Args extends unknown[]>(work: (...args: Args) => void) =>
        (...args: Args): void => {
          if (run === current) work(...args);
        };
      const unsubscribe = link.run(
        { query: document, variables: typeof variables === 'function' ? variables() : (variables ?? {}) },
        {
          next: only(receive),
          error: only(fail),
          lost: only(() => {
            stopRun = null;
          }),
          complete: only(() => {
            if (sink.complete === undefined)
              return fail(new ParleyError('unavailable', 'unable to go on; the server has ended the subscription'));
            end();
            guarded(() => sink.complete?.());
          }),
        },
      );
      stopRun = () => {
        run = {};
        unsubscribe();
      };
    };

    const onLink = (): void => start(connection.link.get());
    const unlisten = connection.link.subscribe(onLink);
    onLink();
    connection.need();
    return end;
  };
  return subscribe;
}
