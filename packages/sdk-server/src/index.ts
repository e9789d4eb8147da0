export type { AppSettings, UserVisibility } from '@parley/contracts';
export { ParleyError } from '@parley/contracts';
export type { CallOptions, ExecuteOptions, ServerClient, ServerClientOptions } from './client.ts';
export { createServerClient } from './client.ts';
export type {
  ApiKeyInfo,
  AttachmentInput,
  CreateChannelInput,
  CreatedKey,
  MemberInput,
  RevokeTokensInput,
  SendMessageInput,
  UpdateAppSettingsInput,
  UpdateChannelInput,
  UserInput,
} from './inputs.ts';
export type { ApiKey, ServerTokenOptions, TokenOptions } from './tokens.ts';
export { mintServerToken, mintUserToken } from './tokens.ts';
