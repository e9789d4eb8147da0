import type { AppsService } from '@parley/api/administration';
import type { Tenant } from '../world/tenant.ts';

/** What a revocation has in hand. `tenant` speaks with a key that stays good. */
export interface Scene {
  readonly tenant: Tenant;
  readonly channelId: string;
  readonly victimId: string;
  /** The key that signed the victim's token; `tenant` and the bystander use another. */
  readonly victimKeyId: string;
  /** Of a node on the platform's own bus. */
  readonly apps: AppsService;
}

/** One way to take somebody's right to read. There is no ban in the platform yet: removing a member and revoking tokens is what there is. */
export interface Revocation {
  readonly name: string;
  /** How the victim's resume must end. */
  readonly refusals: readonly (string | number)[];
  /** Whether others go on reading. */
  readonly sparesOthers: boolean;
  revoke(scene: Scene): Promise<unknown>;
}

/** Tokens as old as this are revoked, younger ones not: the writer's are made anew for each call. */
const tokenAgeMs = 1_500;
/** How old the victims' tokens must be by then. */
export const victimTokenAgeMs = tokenAgeMs + 1_100;

const tokenRefused = ['unauthenticated', 4403];

export const revocations: readonly Revocation[] = [
  {
    name: 'removed from the channel',
    refusals: ['forbidden'],
    sparesOthers: true,
    revoke: ({ tenant, channelId, victimId }) => tenant.server.removeMembers(channelId, [victimId]),
  },
  {
    name: 'the channel is deleted',
    refusals: ['forbidden', 'not_found'],
    sparesOthers: false,
    revoke: ({ tenant, channelId }) => tenant.server.deleteChannel(channelId),
  },
  {
    name: "the user's tokens are revoked",
    refusals: tokenRefused,
    sparesOthers: true,
    revoke: ({ tenant, victimId }) => tenant.server.revokeTokens({ userId: victimId }),
  },
  {
    name: "the app's tokens are revoked",
    refusals: tokenRefused,
    sparesOthers: false,
    revoke: ({ tenant }) => tenant.server.revokeTokens({ issuedBefore: new Date(Date.now() - tokenAgeMs) }),
  },
  {
    name: 'the key is revoked',
    refusals: tokenRefused,
    sparesOthers: true,
    revoke: ({ apps, tenant, victimKeyId }) => apps.revokeKey(tenant.appId, victimKeyId),
  },
];
