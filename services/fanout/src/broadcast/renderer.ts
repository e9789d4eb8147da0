import type { ChannelEvent, InboxEvent, PresenceChanged } from '@parley/contracts';
import { type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import type { Counters } from '../counters.ts';
import { Payload } from './payload.ts';
import type { Selection } from './selection.ts';

export type FanoutEvent = ChannelEvent | InboxEvent | PresenceChanged;

/** Executes a selection on an event: once for each group of subscribers, however many they are. */
export class Renderer {
  readonly #schema: GraphQLSchema;
  readonly #counters: Counters;
  readonly #mapResult: (result: ExecutionResult) => unknown;
  readonly #payloads = new WeakMap<FanoutEvent, Map<string, Payload>>();
  #event: FanoutEvent | undefined;
  #ofEvent = new Map<string, Payload>();

  constructor(schema: GraphQLSchema, counters: Counters, mapResult: (result: ExecutionResult) => unknown) {
    this.#schema = schema;
    this.#counters = counters;
    this.#mapResult = mapResult;
  }

  /** Remembered for as long as the event itself is. */
  render(selection: Selection, event: FanoutEvent): Payload {
    const payloads = this.#payloadsOf(event);
    const known = payloads.get(selection.group);
    if (known !== undefined) return known;
    const payload = this.#execute(selection, event);
    payloads.set(selection.group, payload);
    return payload;
  }

  /** Most calls are about the same event as the one before: it goes to all its subscribers in one turn. */
  #payloadsOf(event: FanoutEvent): Map<string, Payload> {
    if (event === this.#event) return this.#ofEvent;
    const payloads = this.#payloads.get(event) ?? new Map<string, Payload>();
    this.#payloads.set(event, payloads);
    this.#event = event;
    this.#ofEvent = payloads;
    return payloads;
  }

  #execute({ operation, variables }: Selection, event: FanoutEvent): Payload {
    this.#counters.executions += 1;
    const result = execute({
      schema: this.#schema,
      document: operation.document,
      variableValues: variables,
      rootValue: { [operation.field.name.value]: event },
    });
    if (result instanceof Promise)
      throw new TypeError('unable to render an event; a field of the schema resolved later');
    // Results without errors are the rule; only the others are looked at again.
    return new Payload(JSON.stringify('errors' in result ? this.#mapResult(result) : result));
  }
}
