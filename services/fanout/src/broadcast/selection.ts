import { ownValue, ParleyError } from '@parley/contracts';
import { type GraphQLSchema, getArgumentValues, getVariableValues } from 'graphql';
import { canonicalJson } from './canonical-json.ts';
import type { Payload } from './payload.ts';
import type { FanoutEvent } from './renderer.ts';
import type { SubscriptionOperation } from './subscription-operation.ts';

/** What a group of subscribers wants to see of each event: all of them hold the same object, and get the same bytes. */
export class Selection {
  readonly group: string;
  readonly operation: SubscriptionOperation;
  /** Of one of them; they differ at most in what the payload does not depend on. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The renderer's place for what it rendered last: nearly every subscriber asks for just that. */
  event: FanoutEvent | undefined;
  payload: Payload | undefined;
  holders = 0;

  constructor(group: string, operation: SubscriptionOperation, variables: Readonly<Record<string, unknown>>) {
    this.group = group;
    this.operation = operation;
    this.variables = variables;
  }
}

/** The selections of all running subscriptions, one for each group. */
export class Selections {
  readonly #schema: GraphQLSchema;
  readonly #held = new Map<string, Selection>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  get size(): number {
    return this.#held.size;
  }

  /** The selection, to be given back by {@link release}, and the arguments of its root field. @throws invalid_input when the variables do not fit */
  hold(
    operation: SubscriptionOperation,
    variables: Readonly<Record<string, unknown>>,
    viewerId: string | null,
  ): { readonly selection: Selection; readonly args: Readonly<Record<string, unknown>> } {
    const coerced = this.#coerce(operation, variables);
    const field = ownValue(this.#schema.getSubscriptionType()?.getFields() ?? {}, operation.field.name.value);
    if (field === undefined)
      throw new ParleyError('invalid_query', 'unable to subscribe; there is no such subscription');
    const args = getArgumentValues(field, operation.field, coerced);
    const used = operation.payloadVariables.map((name) => ownValue(coerced, name));
    const group = `${operation.key} ${canonicalJson(used)} ${operation.viewerScoped ? (viewerId ?? '') : '*'}`;
    const selection = this.#held.get(group) ?? new Selection(group, operation, variables);
    this.#held.set(group, selection);
    selection.holders += 1;
    return { selection, args };
  }

  /** Once for each {@link hold}. */
  release(selection: Selection): void {
    selection.holders -= 1;
    if (selection.holders === 0) this.#held.delete(selection.group);
  }

  #coerce(operation: SubscriptionOperation, variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { coerced, errors } = getVariableValues(
      this.#schema,
      operation.definition.variableDefinitions ?? [],
      variables,
      { maxErrors: 10 },
    );
    if (errors === undefined) return coerced;
    const why = errors.map(({ message }) => message).join(' ');
    throw new ParleyError('invalid_input', `unable to accept the variables; ${why}`, { field: 'variables' });
  }
}
