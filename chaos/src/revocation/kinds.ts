import type { Administration, AppsService } from '@parley/api/administration';
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
  /** What an operator does at the database, without a bus. */
  administrate(work: (administration: Administration) => Promise<unknown>): Promise<void>;
  /** Every socket of the victim shows the server a new token. */
  renew(): Promise<void>;
}

/** One way to take somebody's right to read: all that there are, for the platform has no bans and no rights of single channels yet. */
export interface Revocation {
  readonly name: string;
  /** The victim is no member and reads as an admin. */
  readonly asAdmin?: boolean;
  /** The website that the victim comes from; the others come from none. */
  readonly origin?: string;
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
  {
    name: 'the key is revoked by a back end',
    refusals: tokenRefused,
    sparesOthers: true,
    revoke: ({ tenant, victimKeyId }) => tenant.server.revokeKey(victimKeyId),
  },
  {
    name: 'the key is revoked at the database, without a bus',
    refusals: tokenRefused,
    sparesOthers: true,
    revoke: ({ administrate, tenant, victimKeyId }) =>
      administrate(({ keys }) => keys.revoke(tenant.appId, victimKeyId)),
  },
  {
    name: 'an admin becomes a user',
    asAdmin: true,
    refusals: ['forbidden'],
    sparesOthers: true,
    revoke: ({ tenant, victimId }) => tenant.server.upsertUsers([{ id: victimId, role: 'user' }]),
  },
  {
    name: 'an admin becomes a user while renewing the token',
    asAdmin: true,
    refusals: ['forbidden'],
    sparesOthers: true,
    async revoke({ tenant, victimId, renew }) {
      await Promise.all([renew(), tenant.server.upsertUsers([{ id: victimId, role: 'user' }])]);
    },
  },
  {
    name: 'the user is deleted',
    refusals: [...tokenRefused, 'forbidden'],
    sparesOthers: true,
    revoke: ({ tenant, victimId }) => tenant.server.deleteUsers([victimId]),
  },
  {
    name: 'an admin is deleted',
    asAdmin: true,
    refusals: [...tokenRefused, 'forbidden'],
    sparesOthers: true,
    revoke: ({ tenant, victimId }) => tenant.server.deleteUsers([victimId]),
  },
  {
    name: 'the website is no longer allowed',
    origin: 'https://victim.example',
    refusals: ['forbidden', 4403],
    sparesOthers: true,
    revoke: ({ tenant }) => tenant.server.setAllowedOrigins(['https://other.example']),
  },
  {
    name: 'the website is no longer allowed, as set at the database, without a bus',
    origin: 'https://victim.example',
    refusals: ['forbidden', 4403],
    sparesOthers: true,
    revoke: ({ administrate, tenant }) =>
      administrate(({ apps }) => apps.setAllowedOrigins(tenant.appId, ['https://other.example'])),
  },
];
