import { channelTypes, limits } from '@parley/contracts';
import { featuresOf } from '../../domain/grants.ts';
import { builder } from '../../graphql/builder.ts';
import { AppRef, ChannelTypeRef } from './refs.ts';

ChannelTypeRef.implement({
  fields: (t) => ({
    name: t.string({ resolve: (name) => name }),
    features: t.field({
      type: 'JSONObject',
      description: 'Features of the channel type, each true or false.',
      resolve: (name) => ({ ...featuresOf[name] }),
    }),
  }),
});
const AppEnvironmentEnum = builder.enumType('AppEnvironment', {
  description: 'What an app is for. It changes nothing of what the app may do.',
  values: {
    development: { description: 'For those who build the app.' },
    staging: { description: 'For tests before a release.' },
    production: { description: 'For the people who use the app.' },
  } as const,
});
AppRef.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    environment: t.expose('environment', { type: AppEnvironmentEnum }),
    limits: t.field({ type: 'JSONObject', resolve: () => ({ ...limits }) }),
    channelTypes: t.field({ type: [ChannelTypeRef], resolve: () => [...channelTypes] }),
  }),
});

const RevokeTokensInput = builder.inputType('RevokeTokensInput', {
  fields: (t) => ({
    userId: t.id({
      description:
        'The user whose tokens are revoked. Default: every user and every server token of the app, including the one in use.',
    }),
    issuedBefore: t.field({ type: 'DateTime', description: 'Default: now.' }),
  }),
});

builder.queryField('app', (t) =>
  t.field({
    description: 'The app of the caller, with its limits, channel types and features.',
    type: AppRef,
    resolve: (_root, _args, { actor, apps }) => apps.current(actor),
  }),
);
builder.mutationField('revokeTokens', (t) =>
  t.field({
    description: 'Server tokens only. Refuses tokens issued up to `issuedBefore` from now on and closes their sockets.',
    type: AppRef,
    args: { input: t.arg({ type: RevokeTokensInput, required: true }) },
    resolve: (_root, { input }, { actor, apps }) => apps.revokeTokens(actor, input),
  }),
);
