import type { Capability, ChannelFeatures, ChannelTypeName } from '@parley/contracts';
import { capabilities } from '@parley/contracts';

/** Roles in a channel, from the strongest to the weakest. */
export const channelRoles = ['owner', 'moderator', 'member'] as const;
export type ChannelRole = (typeof channelRoles)[number];
export const isChannelRole = (value: string): value is ChannelRole => channelRoles.some((role) => role === value);

const allFeatures: ChannelFeatures = {
  typing: true,
  readReceipts: true,
  reactions: true,
  replies: true,
  quotes: true,
  mentions: true,
};

/** What each channel type has switched on. */
export const featuresOf: Readonly<Record<ChannelTypeName, ChannelFeatures>> = {
  messaging: allFeatures,
  team: allFeatures,
  support: allFeatures,
  ai: allFeatures,
  livestream: { ...allFeatures, typing: false, readReceipts: false },
  broadcast: { ...allFeatures, typing: false, readReceipts: false },
};

/** Types that a user may create; the others need an admin or a server token. */
export const userCreatableTypes: readonly ChannelTypeName[] = ['messaging', 'team', 'support', 'ai'];

const reading: readonly Capability[] = ['read-channel', 'send-reaction'];
const talking: readonly Capability[] = [
  'send-message',
  'send-reply',
  'send-typing',
  'update-own-message',
  'delete-own-message',
];
const belonging: readonly Capability[] = ['read-events', 'leave-channel'];
const moderating: readonly Capability[] = ['delete-any-message', 'update-channel', 'add-members', 'remove-members'];
const everything: ReadonlySet<Capability> = new Set(capabilities);
const nothing: ReadonlySet<Capability> = new Set();

const openToAll: Partial<Record<ChannelTypeName, readonly Capability[]>> = {
  livestream: [...reading, ...talking],
  broadcast: reading,
};

function ofRole(role: ChannelRole, type: ChannelTypeName): readonly Capability[] {
  switch (role) {
    case 'owner':
      return capabilities.filter((capability) => capability !== 'update-any-message');
    case 'moderator':
      return [...reading, ...talking, ...belonging, ...moderating];
    case 'member':
      return type === 'broadcast' ? [...reading, ...belonging] : [...reading, ...talking, ...belonging];
  }
}

/** What the caller is to a channel. */
export interface GrantInput {
  /** A server token, or the app role `admin`. */
  readonly allPowerful: boolean;
  readonly type: ChannelTypeName;
  /** Null: not a member. */
  readonly role: ChannelRole | null;
}

/** The default table: app role × channel role × channel type → capabilities. */
export function granted({ allPowerful, type, role }: GrantInput): ReadonlySet<Capability> {
  if (allPowerful) return everything;
  if (role === null) return openToAll[type] === undefined ? nothing : new Set(openToAll[type]);
  return new Set(ofRole(role, type));
}
