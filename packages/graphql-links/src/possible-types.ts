const logged = [
  'ChannelDeleted',
  'ChannelUpdated',
  'MembersAdded',
  'MembersRemoved',
  'MessageCreated',
  'MessageDeleted',
  'MessageUpdated',
  'ReactionAdded',
  'ReactionRemoved',
];

/** The types behind each interface of the schema, for `possibleTypes` of InMemoryCache or graphcache, which match fragments on interfaces by them. */
export const possibleTypes: Record<string, string[]> = {
  ChannelEvent: [...logged, 'ChannelReset', 'ChannelSynced', 'ReadAdvanced', 'TypingChanged', 'UserUpdated'],
  InboxEvent: ['ChannelBumped', 'ChannelJoined', 'ChannelLeft', 'InboxSynced', 'InboxUserUpdated', 'UnreadChanged'],
  LoggedEvent: logged,
  Node: ['Channel', 'Message', 'User'],
};
