import { builder } from '../../graphql/builder.ts';
import { refuseOverHttp } from '../../graphql/subscriptions.ts';
import { UserRef } from '../users/refs.ts';
import { PresenceChangedRef } from './refs.ts';

PresenceChangedRef.implement({
  fields: (t) => ({
    userId: t.exposeID('userId'),
    user: t.field({
      type: UserRef,
      description:
        'The user, of whom `id`, `online` and `lastActiveAt` are available here; ask for the rest with a query.',
      resolve: refuseOverHttp,
    }),
    online: t.exposeBoolean('online'),
    lastActiveAt: t.expose('lastActiveAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.subscriptionField('presence', (t) =>
  t.field({
    description: 'Presence of up to 200 users. Begins with the current state of each.',
    type: PresenceChangedRef,
    args: { userIds: t.arg.idList({ required: true }) },
    subscribe: refuseOverHttp,
    resolve: refuseOverHttp,
  }),
);

builder.subscriptionField('presenceChanges', (t) =>
  t.field({
    description:
      'Like `presence`, but changes at about the same time come in one list: a thousand users who come online give a few results instead of a thousand.',
    type: [PresenceChangedRef],
    args: { userIds: t.arg.idList({ required: true }) },
    subscribe: refuseOverHttp,
    resolve: refuseOverHttp,
  }),
);
