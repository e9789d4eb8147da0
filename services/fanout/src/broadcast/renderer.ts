import type { ChannelEvent, InboxEvent, PresenceChanged } from '@parley/contracts';
import { type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import type { Counters } from '../counters.ts';
import { EventSchema } from './event-schema.ts';
import { Payload } from './payload.ts';
import type { Selection } from './selection.ts';
import { resolverOf } from './sight.ts';

export type FanoutEvent = ChannelEvent | InboxEvent | PresenceChanged | readonly PresenceChanged[];

export interface RendererDeps {
  readonly schema: GraphQLSchema;
  readonly counters: Pick<Counters, 'executions'>;
  readonly mapResult: (result: ExecutionResult) => unknown;
  /** In ms, of any origin. */
  readonly stopwatch: () => number;
}

const youngBytes = 8 * 1024 * 1024;

/** Executes a selection on an event: once for each group of subscribers, however many they are. */
export class Renderer {
  readonly #schema: EventSchema;
  readonly #counters: RendererDeps['counters'];
  readonly #mapResult: (result: ExecutionResult) => unknown;
  readonly #stopwatch: () => number;
  #young = new WeakMap<FanoutEvent, Map<string, Payload>>();
  #old = new WeakMap<FanoutEvent, Map<string, Payload>>();
  #youngBytes = 0;
  #event: FanoutEvent | undefined;
  #ofEvent: Selection[] = [];

  constructor({ schema, counters, mapResult, stopwatch }: RendererDeps) {
    this.#schema = new EventSchema(schema);
    this.#counters = counters;
    this.#mapResult = mapResult;
    this.#stopwatch = stopwatch;
  }

  /** Remembered as long as the event itself is, unless {@link youngBytes} are rendered twice over meanwhile without anybody asking for it. @throws rate_limited */
  render(selection: Selection, event: FanoutEvent): Payload {
    if (selection.event === event && selection.payload !== undefined) return selection.payload;
    const payload = this.#find(selection, event);
    this.#note(selection, event, payload);
    return payload;
  }

  #find(selection: Selection, event: FanoutEvent): Payload {
    const payloads = this.#young.get(event) ?? this.#old.get(event) ?? new Map<string, Payload>();
    this.#young.set(event, payloads);
    const known = payloads.get(selection.group);
    if (known !== undefined) return known;
    const payload = this.#execute(selection, event);
    payloads.set(selection.group, payload);
    this.#age(payload.json.length);
    return payload;
  }

  /** Replay buffers keep many events. Their rendered results would take as much memory again. */
  #age(bytes: number): void {
    this.#youngBytes += bytes;
    if (this.#youngBytes <= youngBytes) return;
    this.#youngBytes = 0;
    this.#old = this.#young;
    this.#young = new WeakMap();
  }

  /** An event goes to all its subscribers in one turn, so only the last one is kept at hand; more would hold memory for every group. */
  #note(selection: Selection, event: FanoutEvent, payload: Payload): void {
    if (event !== this.#event) {
      for (const earlier of this.#ofEvent) {
        earlier.event = undefined;
        earlier.payload = undefined;
      }
      this.#event = event;
      this.#ofEvent = [];
    }
    selection.event = event;
    selection.payload = payload;
    this.#ofEvent.push(selection);
  }

  /** A user pays for results that are rendered for that user alone. */
  #execute(selection: Selection, event: FanoutEvent): Payload {
    const { owner } = selection;
    if (owner === undefined) return this.#result(selection, event);
    owner.checkRendering();
    const begun = this.#stopwatch();
    const payload = this.#result(selection, event);
    owner.spent(this.#stopwatch() - begun);
    return payload;
  }

  #result({ operation, variables, sight }: Selection, event: FanoutEvent): Payload {
    this.#counters.executions += 1;
    const result = execute({
      schema: this.#schema.for(event),
      document: operation.document,
      variableValues: variables,
      rootValue: { [operation.field.name.value]: event },
      fieldResolver: resolverOf(sight),
    });
    if (result instanceof Promise)
      throw new TypeError('unable to render an event; a field of the schema resolved later');
    // Results without errors are the rule; only the others are looked at again.
    return new Payload(JSON.stringify('errors' in result ? this.#mapResult(result) : result));
  }
}
