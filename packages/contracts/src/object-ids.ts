/*
 * Ids of objects that are made of others. All of them hold a slash, which the id of no user, channel, message, app or key can hold, so that no two objects
 * of an app ever have one id (docs/adr/0021-ids-are-unique-over-all-types.md). They name an object in a cache; nothing can be asked for by them.
 */

/** Id of an attachment: whoever has seen it may send a message, and choose its UUID. */
export const attachmentIdOf = (uuid: string): string => `attachment/${uuid}`;

/** Id of a membership. */
export const memberIdOf = (channelId: string, userId: string): string => `member/${channelId}/${userId}`;

/** Id of a reaction. The type comes last, for it may hold slashes. */
export const reactionIdOf = (messageId: string, userId: string, type: string): string =>
  `reaction/${messageId}/${userId}/${type}`;

/** Id of how far a user has read in a channel. */
export const readStateIdOf = (channelId: string, userId: string): string => `read/${channelId}/${userId}`;

/** Id of a viewer's own side of a channel. */
export const channelViewerIdOf = (channelId: string, userId: string): string => `viewer/${channelId}/${userId}`;
