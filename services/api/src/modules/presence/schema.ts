import { builder } from '../../graphql/builder.ts';
import { refuseOverHttp } from '../../graphql/subscriptions.ts';
import { PresenceChangedRef } from './refs.ts';

PresenceChangedRef.implement({
  fields: (t) => ({
    userId: t.exposeID('userId'),
    online: t.exposeBoolean('online'),
    lastActiveAt: t.expose('lastActiveAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.subscriptionField('presence', (t) =>
  t.field({
    description: 'Begins with the present state of each of these users; up to 200.',
    type: PresenceChangedRef,
    args: { userIds: t.arg.idList({ required: true }) },
    subscribe: refuseOverHttp,
    resolve: refuseOverHttp,
  }),
);

builder.subscriptionField('presenceChanges', (t) =>
  t.field({
    description:
      'As `presence`, with what changes at about the same time in one list: a thousand users who come online are a few results, not a thousand.',
    type: [PresenceChangedRef],
    args: { userIds: t.arg.idList({ required: true }) },
    subscribe: refuseOverHttp,
    resolve: refuseOverHttp,
  }),
);
