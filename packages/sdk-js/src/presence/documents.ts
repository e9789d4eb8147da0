export const presenceSubscription =
  'subscription Presence($userIds:[ID!]!){presenceChanges(userIds:$userIds){__typename userId online lastActiveAt}}';
