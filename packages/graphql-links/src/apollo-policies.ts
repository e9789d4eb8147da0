import type { FieldFunctionOptions, FieldPolicy, Reference, StoreObject, TypePolicies } from '@apollo/client';
import { type Connection, join, keep, nodesOf } from './connection.ts';

/** What a list holds, as InMemoryCache stores it. */
export type Node = Reference | StoreObject;
export type ReadField = FieldFunctionOptions['readField'];

/** A member has the id of its user until it has one of its own. */
export const idOf = (node: Node, readField: ReadField): string | undefined =>
  readField<string>('id', node) ?? readField<string>('id', readField<Node>('user', node));

export const isList = (value: unknown): value is Connection<Node> =>
  typeof value === 'object' && value !== null && ('nodes' in value || 'edges' in value);

/** One window on a list, however it is asked for: pages join it, and a page that does not meet it replaces it. */
const window = (keyArgs: string[] | false = false): FieldPolicy<Connection<Node>> => ({
  keyArgs,
  merge(existing, incoming, { args, readField }) {
    const id = (node: Node) => idOf(node, readField);
    if (!isList(existing) || !isList(incoming)) return incoming;
    if (args?.['before']) return join(incoming, existing, id);
    if (args?.['after']) return join(existing, incoming, id);
    if (args?.['around'] || args?.['first']) return incoming;
    // The newest page again: older ones stay if it begins among them.
    const [first] = nodesOf(incoming);
    const known = nodesOf(existing).map(id);
    const index = first === undefined ? -1 : known.indexOf(id(first));
    if (index < 0) return incoming;
    const older = new Set(known.slice(0, index));
    return join(
      keep(existing, (node) => older.has(id(node))),
      incoming,
      id,
    );
  },
});

/**
 * `typePolicies` for InMemoryCache: pages of messages, replies, members and channels join into one list, what the viewer knows of a channel comes together,
 * and an event replaces the one before.
 */
export const typePolicies: TypePolicies = {
  Query: { fields: { channels: window(['filter', 'sort']), users: window(['filter', 'sort']) } },
  Channel: { fields: { messages: window(), members: window() } },
  Message: { fields: { replies: window() } },
  ChannelViewer: { merge: true },
  Subscription: { fields: { channelEvents: { merge: false }, inbox: { merge: false } } },
};
