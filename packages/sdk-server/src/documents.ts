const user =
  'fragment UserParts on User { id name image role custom online lastActiveAt createdAt updatedAt deletedAt }';

const channel = `fragment ChannelParts on Channel {
  id type key name image custom createdBy { ...UserParts } createdAt updatedAt lastMessageAt seq memberCount
}
${user}`;

const messageFields = `id channelId seq kind user { ...UserParts } text
  attachments { id type url title mimeType size width height durationMs thumbnailUrl custom }
  mentionedUsers { ...UserParts } parentId replyCount reactionGroups { type count sumScores firstAt lastAt }
  ownReactions { type user { ...UserParts } score createdAt } custom createdAt editedAt deletedAt`;

const keyFields = 'id label lastFour createdAt revokedAt';

const channelMutation = (name: string, input: string): string =>
  `mutation ${name}($input: ${input}!) { result: ${name}(input: $input) { ...ChannelParts } }\n${channel}`;

/** The operations of {@link ServerClient}; each answers under `result`. */
export const documents = {
  upsertUsers: `mutation upsertUsers($input: UpsertUsersInput!) { result: upsertUsers(input: $input) { ...UserParts } }\n${user}`,
  updateAppSettings:
    'mutation updateAppSettings($input: UpdateAppSettingsInput!) { result: updateAppSettings(input: $input) { usersMayCreateUsers userVisibility presenceVisible } }',
  createChannel: channelMutation('createChannel', 'CreateChannelInput'),
  updateChannel: channelMutation('updateChannel', 'UpdateChannelInput'),
  deleteChannel: channelMutation('deleteChannel', 'DeleteChannelInput'),
  addMembers: channelMutation('addMembers', 'AddMembersInput'),
  removeMembers: channelMutation('removeMembers', 'RemoveMembersInput'),
  sendMessage: `mutation sendMessage($input: SendMessageInput!) {
  result: sendMessage(input: $input) { ${messageFields} quoted { ${messageFields} quoted { id } } }
}
${user}`,
  revokeTokens: 'mutation revokeTokens($input: RevokeTokensInput!) { result: revokeTokens(input: $input) { id } }',
  deleteUsers: `mutation deleteUsers($input: DeleteUsersInput!) { result: deleteUsers(input: $input) { ...UserParts } }\n${user}`,
  createKey: `mutation createKey($input: CreateKeyInput!) { result: createKey(input: $input) { key { ${keyFields} } secret } }`,
  revokeKey: `mutation revokeKey($input: RevokeKeyInput!) { result: revokeKey(input: $input) { ${keyFields} } }`,
  setAllowedOrigins:
    'mutation setAllowedOrigins($input: SetAllowedOriginsInput!) { result: setAllowedOrigins(input: $input) { id } }',
} as const;

/** Those that ask; each answers under `result`. */
export const queries = {
  apiKeys: `query apiKeys { result: apiKeys { ${keyFields} } }`,
  allowedOrigins: 'query allowedOrigins { result: allowedOrigins }',
} as const;
