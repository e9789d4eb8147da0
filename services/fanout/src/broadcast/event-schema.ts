import {
  type GraphQLEnumType,
  type GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLSchema,
  isEnumType,
  isInterfaceType,
} from 'graphql';
import type { FanoutEvent } from './renderer.ts';

/** Newer kinds that are remembered. Far more than two versions differ by. */
const maxNewerKinds = 100;

/**
 * The schema that events are rendered with. During a rolling deploy a newer API node publishes kinds of events that this node does not know. Such a kind
 * gets an object type with the fields of its interface. A document that this node accepted can select no other field of it, so that clients get the same
 * result as from a newer node.
 */
export class EventSchema {
  readonly #base: GraphQLSchema;
  readonly #newer = new Map<string, GraphQLObjectType>();
  #extended: GraphQLSchema;

  constructor(base: GraphQLSchema) {
    this.#base = base;
    this.#extended = base;
    for (const type of Object.values(base.getTypeMap())) if (isEnumType(type)) passNewerValues(type);
  }

  /** The schema with a type for this event. */
  for(event: FanoutEvent): GraphQLSchema {
    if (!('__typename' in event) || this.#base.getType(event.__typename) !== undefined) return this.#extended;
    const parent = this.#base.getType('cursor' in event ? 'InboxEvent' : 'LoggedEvent');
    if (!this.#newer.has(event.__typename) && isInterfaceType(parent)) this.#add(event.__typename, parent);
    return this.#extended;
  }

  #add(name: string, parent: GraphQLInterfaceType): void {
    if (this.#newer.size >= maxNewerKinds) this.#newer.clear();
    const { fields } = parent.toConfig();
    this.#newer.set(name, new GraphQLObjectType({ name, interfaces: [...parent.getInterfaces(), parent], fields }));
    const config = this.#base.toConfig();
    const types = [...config.types, ...this.#newer.values()];
    this.#extended = new GraphQLSchema({ ...config, types, assumeValid: true });
  }
}

/** Newer nodes add values to enums too. A client gets them as from a newer node, in place of an error for the whole event. */
function passNewerValues(type: GraphQLEnumType): void {
  const serialize = type.serialize.bind(type);
  type.serialize = (value) => (typeof value === 'string' && /^[A-Z][A-Z0-9_]*$/.test(value) ? value : serialize(value));
}
