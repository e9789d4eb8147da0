/** Permissions of a viewer in a channel. The API lists the viewer's in `ChannelViewer.capabilities` and names the missing one in a refusal. */
export const capabilities = [
  'read-channel',
  'send-message',
  'send-reply',
  'send-reaction',
  'send-typing',
  'read-events',
  'update-own-message',
  'update-any-message',
  'delete-own-message',
  'delete-any-message',
  'hard-delete-message',
  'update-channel',
  'delete-channel',
  'add-members',
  'remove-members',
  'leave-channel',
] as const;
export type Capability = (typeof capabilities)[number];

export const channelTypes = ['messaging', 'team', 'livestream', 'support', 'broadcast', 'ai'] as const;
export type ChannelTypeName = (typeof channelTypes)[number];
/** Types that every user of the app may read without being a member. */
export const openChannelTypes: readonly ChannelTypeName[] = ['livestream', 'broadcast'];
export const isOpenChannelType = (type: string): boolean => openChannelTypes.some((open) => open === type);
export const isChannelType = (value: string): value is ChannelTypeName =>
  (channelTypes as readonly string[]).includes(value);

/** Features that a channel type has switched on. */
export interface ChannelFeatures {
  readonly typing: boolean;
  readonly readReceipts: boolean;
  readonly reactions: boolean;
  readonly replies: boolean;
  readonly quotes: boolean;
  readonly mentions: boolean;
}
