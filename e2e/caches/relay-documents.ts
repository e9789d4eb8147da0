/** What a chat built with Relay would write, in a module called `room`; the names follow from that. Compiled they are in relay-artifacts.json. */
export const relayDocuments: readonly string[] = [
  `query roomQuery($id: ID!) { channel(id: $id) { name ...room_messages } }`,

  // A fragment for usePaginationFragment: older pages are asked for by `node(id:)`.
  `fragment room_messages on Channel
      @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" })
      @refetchable(queryName: "roomOlderQuery") {
    messages(last: $count, before: $cursor) @connection(key: "room_messages") {
      edges { node { id text user { id name online } quoted { id text quoted { id text } } } }
    }
  }`,

  `subscription roomEventsSubscription($id: ID!) {
    channelEvents(channelId: $id) {
      __typename
      ... on MessageUpdated { message { id text user { id name } quoted { id text } } }
      ... on ReactionAdded { reaction { id type user { id name } } }
    }
  }`,

  `subscription roomPresenceSubscription($ids: [ID!]!) { presence(userIds: $ids) { user { id online lastActiveAt } } }`,

  `query roomNodesQuery($ids: [ID!]!) {
    nodes(ids: $ids) { __typename id ... on User { name } ... on Channel { name } ... on Message { text } }
  }`,
];

/** The module that the compiler is given. */
export const relayModule = `import { graphql } from 'relay-runtime';\n${relayDocuments
  .map((text) => `graphql\`${text}\`;`)
  .join('\n')}\n`;

export const relayConfig = JSON.stringify({
  src: './src',
  schema: './schema.graphql',
  language: 'javascript',
  eagerEsModules: true,
  noSourceControl: true,
});
