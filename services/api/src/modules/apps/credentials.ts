import { randomBytes } from 'node:crypto';
import type { ApiKey } from './keys.ts';

/** Lower case and digits only, so that it reads well and is safe in subjects, URLs and file names. */
const randomName = (prefix: string): string =>
  `${prefix}_${BigInt(`0x${randomBytes(12).toString('hex')}`)
    .toString(36)
    .padStart(19, '0')}`;

export const newOrganisationId = (): string => randomName('org');
export const newAppId = (): string => randomName('app');

/** A key whose secret has 256 bits, as many as the HMAC that it is for. */
export const makeKey = (appId: string): ApiKey => ({
  appId,
  keyId: randomName('key'),
  secret: randomBytes(32).toString('base64url'),
});
