import type { AppSettings, userVisibilities } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import { AppRef } from './refs.ts';

const UserVisibilityEnum = builder.enumType('UserVisibility', {
  description:
    'Whom a user may look up: find with `user` and `users`, add as a member, and read more of than name and image.',
  values: {
    EVERYBODY: { description: 'Every user of the app.' },
    SHARED_CHANNELS: { description: 'Those with whom it shares a channel of a type that is not open to everybody.' },
    SERVER: { description: 'Nobody but itself: only back ends and admins look users up.' },
  } satisfies Record<(typeof userVisibilities)[number], object>,
});

const usersMayCreateUsers = 'Whether a user that names an unknown id as a member creates that user. Default: false.';
const userVisibility =
  'Whom a user may look up. Name and image of those who share a channel show in it whatever this says. Default: EVERYBODY.';
const presenceVisible =
  'Whether a user sees when those whom it may look up are online and were active last. Default: true.';

const AppSettingsRef = builder.objectRef<AppSettings>('AppSettings').implement({
  description:
    'Settings of what the users of the app may know and do. Server tokens and the app role `admin` are not bound by them.',
  fields: (t) => ({
    usersMayCreateUsers: t.exposeBoolean('usersMayCreateUsers', { description: usersMayCreateUsers }),
    userVisibility: t.expose('userVisibility', { type: UserVisibilityEnum, description: userVisibility }),
    presenceVisible: t.exposeBoolean('presenceVisible', { description: presenceVisible }),
  }),
});

const UpdateAppSettingsInput = builder.inputType('UpdateAppSettingsInput', {
  description: 'Omitted fields are unchanged.',
  fields: (t) => ({
    usersMayCreateUsers: t.boolean({ description: usersMayCreateUsers }),
    userVisibility: t.field({ type: UserVisibilityEnum, description: userVisibility }),
    presenceVisible: t.boolean({ description: presenceVisible }),
  }),
});

builder.objectField(AppRef, 'settings', (t) =>
  t.field({
    type: AppSettingsRef,
    resolve: ({ id }, _args, { appSettings }) => appSettings.of(id),
  }),
);

builder.mutationField('updateAppSettings', (t) =>
  t.field({
    description:
      'Server tokens only. The change holds for every request from now on. Sockets that may see something else from now on are closed within a second, and resume when they reconnect.',
    type: AppSettingsRef,
    args: { input: t.arg({ type: UpdateAppSettingsInput, required: true }) },
    resolve: (_root, { input }, { actor, appSettings }) => appSettings.update(actor, input),
  }),
);
