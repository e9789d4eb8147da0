import { type LimitName, limits } from '@parley/contracts';
import { type Clock, systemClock } from '@parley/service-kit';
import { UserQuota } from '../src/quota/user-quota.ts';

/** What one user may take, with the limits of the platform where the test says no others. */
export const someQuota = (
  ownLimits: { readonly [Name in LimitName]?: number } = {},
  clock: Clock = systemClock,
): UserQuota => new UserQuota({ clock, limits: { ...limits, ...ownLimits } });
