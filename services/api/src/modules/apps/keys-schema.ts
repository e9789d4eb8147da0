import { builder } from '../../graphql/builder.ts';
import { AppRef } from './refs.ts';
import type { CreatedKey, KeyRecord } from './service.ts';

const ApiKeyRef = builder.objectRef<KeyRecord>('ApiKey').implement({
  description: 'A key that signs tokens of the app.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The `kid` of its tokens.' }),
    label: t.exposeString('label', { nullable: true, description: 'Your description of what the key is for.' }),
    lastFour: t.exposeString('lastFour', { description: 'The last four characters of its secret.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
  }),
});

const CreatedApiKeyRef = builder.objectRef<CreatedKey>('CreatedApiKey').implement({
  fields: (t) => ({
    key: t.field({ type: ApiKeyRef, resolve: ({ key }) => key }),
    secret: t.exposeString('secret', { description: 'The secret. It is shown only once; store it in your back end.' }),
  }),
});

const CreateKeyInput = builder.inputType('CreateKeyInput', {
  fields: (t) => ({ label: t.string({ description: 'Purpose of the key, up to 255 characters.' }) }),
});
const RevokeKeyInput = builder.inputType('RevokeKeyInput', { fields: (t) => ({ keyId: t.id({ required: true }) }) });
const SetAllowedOriginsInput = builder.inputType('SetAllowedOriginsInput', {
  fields: (t) => ({
    origins: t.stringList({
      required: true,
      description: 'Up to 100, as browsers send them, for example "https://app.example.com"; an empty list allows all.',
    }),
  }),
});

builder.queryFields((t) => ({
  apiKeys: t.field({
    description: 'Server tokens only. The valid keys of the app, newest first, then those that were revoked.',
    type: [ApiKeyRef],
    resolve: async (_root, _args, { actor, apps }) => [...(await apps.listKeys(actor))],
  }),
  allowedOrigins: t.stringList({
    description: 'Server tokens only. The websites that may use tokens of the app. An empty list allows all.',
    resolve: async (_root, _args, { actor, apps }) => [...(await apps.allowedOrigins(actor))],
  }),
}));

builder.mutationFields((t) => ({
  createKey: t.field({
    description: 'Server tokens only. Makes a further key, up to 20; the others stay valid.',
    type: CreatedApiKeyRef,
    args: { input: t.arg({ type: CreateKeyInput, required: true }) },
    resolve: (_root, { input }, { actor, apps }) => apps.addKey(actor, input),
  }),
  revokeKey: t.field({
    description:
      'Server tokens only. Refuses every token of the key from now on and closes their sockets within a second. The only valid key of an app cannot be revoked: create another first.',
    type: ApiKeyRef,
    args: { input: t.arg({ type: RevokeKeyInput, required: true }) },
    resolve: (_root, { input }, { actor, apps }) => apps.endKey(actor, input.keyId),
  }),
  setAllowedOrigins: t.field({
    description:
      'Server tokens only. Replaces the list of websites that may use tokens of the app; sockets of others are closed.',
    type: AppRef,
    args: { input: t.arg({ type: SetAllowedOriginsInput, required: true }) },
    resolve: (_root, { input }, { actor, apps }) => apps.changeAllowedOrigins(actor, input.origins),
  }),
}));
