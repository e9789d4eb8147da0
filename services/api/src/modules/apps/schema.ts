import { channelTypes, limits } from '@parley/contracts';
import { featuresOf } from '../../domain/grants.ts';
import { builder } from '../../graphql/builder.ts';
import { AppRef, ChannelTypeRef } from './refs.ts';

ChannelTypeRef.implement({
  fields: (t) => ({
    name: t.string({ resolve: (name) => name }),
    features: t.field({
      type: 'JSONObject',
      description: 'What is switched on: feature → boolean.',
      resolve: (name) => ({ ...featuresOf[name] }),
    }),
  }),
});
AppRef.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    environment: t.exposeString('environment', { description: '`development`, `staging` or `production`.' }),
    limits: t.field({ type: 'JSONObject', resolve: () => ({ ...limits }) }),
    channelTypes: t.field({ type: [ChannelTypeRef], resolve: () => [...channelTypes] }),
  }),
});

const RevokeTokensInput = builder.inputType('RevokeTokensInput', {
  fields: (t) => ({
    userId: t.id({ description: 'Without it: every user and every server token of the app, this one too.' }),
    issuedBefore: t.field({ type: 'DateTime', description: 'Default: now.' }),
  }),
});

builder.queryField('app', (t) =>
  t.field({
    description: 'What is fixed for this app: limits, channel types, feature flags.',
    type: AppRef,
    resolve: (_root, _args, { actor, apps }) => apps.current(actor),
  }),
);
builder.mutationField('revokeTokens', (t) =>
  t.field({
    description: 'Server tokens only. Tokens issued up to a moment are refused from now on, and their sockets closed.',
    type: AppRef,
    args: { input: t.arg({ type: RevokeTokensInput, required: true }) },
    resolve: (_root, { input }, { actor, apps }) => apps.revokeTokens(actor, input),
  }),
);
