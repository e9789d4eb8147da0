import { ownValue, ParleyError } from '@parley/contracts';
import type { Sight } from '@parley/contracts/bus';
import { canonicalJson } from '@parley/service-kit';
import { type GraphQLSchema, getArgumentValues, getVariableValues } from 'graphql';
import type { UserQuota } from '../quota/user-quota.ts';
import type { Documents } from './documents.ts';
import { isPresence } from './event-fields.ts';
import type { Payload } from './payload.ts';
import type { FanoutEvent } from './renderer.ts';
import type { SubscriptionOperation } from './subscription-operation.ts';

/** The selection of a group of subscribers. All of them hold the same object, and get the same bytes. */
export class Selection {
  readonly group: string;
  readonly operation: SubscriptionOperation;
  /** Those that the payload depends on, and no other: a client may send many more. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The one user whom it was ever rendered for; undefined when there were several. */
  owner: UserQuota | undefined;
  /** How much all of them see of other users. */
  readonly sight: Sight;
  /** The renderer's place for what it rendered last: nearly every subscriber asks for just that. */
  event: FanoutEvent | undefined;
  payload: Payload | undefined;
  holders = 0;

  constructor(
    group: string,
    operation: SubscriptionOperation,
    variables: Readonly<Record<string, unknown>>,
    { owner, sight }: { readonly owner: UserQuota; readonly sight: Sight },
  ) {
    this.group = group;
    this.operation = operation;
    this.variables = variables;
    this.owner = owner;
    this.sight = sight;
  }
}

/** The holder of a selection. */
export interface Holder {
  /** How much of other users its viewer sees. Default: all. */
  readonly sight?: Sight | undefined;
  readonly quota: UserQuota;
}

/** A selection that is held, what it makes its holder keep, and the arguments of its root field. */
export interface Held {
  readonly selection: Selection;
  readonly args: Readonly<Record<string, unknown>>;
  /** Of the variables. */
  readonly bytes: number;
}

/** A character of the text that distinguishes groups, and the value itself. */
const variableBytes = 8;

/** The selections of all running subscriptions, one for each group. */
export class Selections {
  readonly #schema: GraphQLSchema;
  readonly #documents: Documents;
  readonly #held = new Map<string, Selection>();

  constructor(schema: GraphQLSchema, documents: Documents) {
    this.#schema = schema;
    this.#documents = documents;
  }

  get size(): number {
    return this.#held.size;
  }

  /** To be given back by {@link release}. @throws invalid_input when the variables do not fit, rate_limited when the user keeps too much */
  hold(
    operation: SubscriptionOperation,
    variables: Readonly<Record<string, unknown>>,
    { sight: ofHolder = 'all', quota }: Holder,
  ): Held {
    const coerced = this.#coerce(operation, variables);
    const field = ownValue(this.#schema.getSubscriptionType()?.getFields() ?? {}, operation.field.name.value);
    if (field === undefined)
      throw new ParleyError('invalid_query', 'unable to subscribe; there is no such subscription');
    const args = getArgumentValues(field, operation.field, coerced);
    const used = canonicalJson(operation.payloadVariables.map((name) => ownValue(coerced, name)));
    const bytes = used.length * variableBytes;
    // An event of presence says already what those who get it may know.
    const sight = isPresence(operation.field.name.value) ? 'all' : ofHolder;
    const group = `${operation.key} ${used} ${sight}`;
    quota.holdDocument(operation.key, operation.bytes);
    const selection = this.#held.get(group) ?? this.#make(group, operation, variables, { owner: quota, sight });
    if (selection.owner !== quota) selection.owner = undefined;
    selection.holders += 1;
    return { selection, args, bytes };
  }

  /** Once for each {@link hold}. */
  release(selection: Selection, quota: UserQuota): void {
    const { operation } = selection;
    quota.releaseDocument(operation.key, operation.bytes);
    selection.holders -= 1;
    if (selection.holders > 0) return;
    this.#held.delete(selection.group);
    this.#documents.release(operation);
  }

  #make(
    group: string,
    operation: SubscriptionOperation,
    variables: Readonly<Record<string, unknown>>,
    holder: { readonly owner: UserQuota; readonly sight: Sight },
  ): Selection {
    const used = operation.payloadVariables.flatMap((name) =>
      Object.hasOwn(variables, name) ? [[name, ownValue(variables, name)] as const] : [],
    );
    const selection = new Selection(group, this.#documents.hold(operation), Object.fromEntries(used), holder);
    this.#held.set(group, selection);
    return selection;
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
