import { sdl } from '@parley/contracts/sdl';
import {
  buildSchema,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';

/** A body of GraphQL over HTTP that is in order. */
export interface Operation extends Record<string, unknown> {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Ids of things that exist. */
export interface Known {
  readonly channelId: string;
  readonly messageId: string;
  readonly userId: string;
}

const schema = buildSchema(sdl);

/** Something of this type; `name` is the argument or the field that it is for. */
function exampleOf(type: GraphQLInputType, name: string, known: Known): unknown {
  if (isNonNullType(type)) return exampleOf(type.ofType, name, known);
  if (isListType(type)) return [exampleOf(type.ofType, name, known)];
  if (isInputObjectType(type)) {
    // The joins of a filter would never end.
    const fields = Object.values(type.getFields()).filter((field) => getNamedType(field.type) !== type);
    return Object.fromEntries(fields.map((field) => [field.name, exampleOf(field.type, field.name, known)]));
  }
  if (isEnumType(type)) return type.getValues()[0]?.name;
  const byName: Partial<Record<string, unknown>> = {
    channelId: known.channelId,
    messageId: known.messageId,
    around: known.messageId,
    image: 'https://example.com/a.png',
    url: 'https://example.com/a.png',
    thumbnailUrl: 'https://example.com/a.png',
    role: 'user',
    type: 'messaging',
    path: 'a.b',
    key: 'general',
    parentId: null,
    quotedId: null,
    after: null,
    before: null,
    last: null,
  };
  if (Object.hasOwn(byName, name)) return byName[name];
  const byType: Partial<Record<string, unknown>> = {
    ID: known.userId,
    Int: 1,
    Float: 1,
    Boolean: false,
    Seq: 1,
    DateTime: '2026-01-31T12:00:00.000Z',
    JSONObject: { a: { b: 'c' } },
  };
  return byType[type.name] ?? 'a';
}

/** One operation for each root field of the schema, with every argument that it takes as a variable. */
export function rootOperations(known: Known): readonly Operation[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {}).map((field) => {
      const named = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
      const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
      const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
      const call = `${field.name}${named === '' ? '' : `(${named})`} ${selection}`;
      const kind = root === schema.getMutationType() ? 'mutation' : 'query';
      return {
        query: `${kind} ${declared === '' ? '' : `(${declared})`} { ${call} }`,
        variables: Object.fromEntries(field.args.map(({ name, type }) => [name, exampleOf(type, name, known)])),
      };
    }),
  );
}

/** Operations that reach further into the schema. */
export function deepOperations({ channelId, messageId }: Known): readonly Operation[] {
  return [
    {
      query: `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $around: ID, $membersAfter: String) {
        channel(id: $id) { id custom viewer { unreadCount }
          messages(first: $first, after: $after, last: $last, before: $before, around: $around) {
            edges { cursor } nodes { id text custom replies(first: 2) { nodes { id } } reactionGroups { type count } user { id custom } } }
          members(first: 2, after: $membersAfter) { nodes { role user { id } } pageInfo { endCursor } } } }`,
      variables: { id: channelId, first: 2, after: null, last: null, before: null, around: null, membersAfter: null },
    },
    {
      query:
        'query ($filter: ChannelFilter, $sort: [ChannelSort!], $after: String) { channels(filter: $filter, sort: $sort, after: $after, first: 2) { nodes { id } pageInfo { endCursor } } }',
      variables: {
        filter: {
          and: [{ or: [{ type: { eq: 'messaging' } }, { not: { id: { in: [channelId] } } }] }],
          custom: [
            { path: 'a.b', string: { contains: 'c' } },
            { path: 'n', number: { gt: 1 } },
          ],
          lastMessageAt: { gte: '2026-01-01T00:00:00Z' },
          members: { containsAny: ['ada'] },
        },
        sort: [{ field: 'UNREAD_COUNT', direction: 'ASC' }],
        after: null,
      },
    },
    {
      query: 'query Q($id: ID!) { message(id: $id) { ...M } } fragment M on Message { id quoted { id text } }',
      variables: { id: messageId },
    },
    { query: '{ __schema { types { name fields { name args { name } } } } }', variables: {} },
    {
      query: `mutation { sendMessage(input: { channelId: "${channelId}", text: "hi", custom: { a: [1, { b: null }] } }) { id custom } }`,
      variables: {},
    },
  ];
}

/** Subscriptions, as they travel in a frame or to an event stream. */
export const subscriptions = ({ channelId, userId }: Known): readonly Operation[] => [
  {
    query: `subscription ($channelId: ID!, $after: Seq) { channelEvents(channelId: $channelId, after: $after) { __typename
      ... on LoggedEvent { seq actor { id } } ... on MessageCreated { message { id text custom user { id } } } ... on ChannelSynced { reads { userId readSeq } } } }`,
    variables: { channelId, after: 0 },
  },
  { query: 'subscription ($after: String) { inbox(after: $after) { __typename } }', variables: { after: null } },
  {
    query: 'subscription ($ids: [ID!]!) { presenceChanges(userIds: $ids) { __typename } }',
    variables: { ids: [userId] },
  },
];
