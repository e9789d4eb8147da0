export const presenceSubscription =
  'subscription Presence($userIds:[ID!]!){presence(userIds:$userIds){__typename userId online lastActiveAt}}';
