import type { Api } from '@parley/api';
import { ParleyError } from '@parley/contracts';
import { UsageError } from '../usage-error.ts';

/** Encrypts what an older version stored as it was: on this machine all nodes are of one version. @throws UsageError */
export async function encryptSecrets(keys: Api['keys'], folder: string): Promise<void> {
  try {
    await keys.reencrypt();
  } catch (error) {
    if (!(error instanceof ParleyError) || error.details.field !== 'SECRETS_KEY') throw error;
    throw new UsageError(
      `unable to read the secrets in ${folder}; the file secrets-key there is not the one that they were encrypted with: put it back, or begin again with --reset`,
      { cause: error },
    );
  }
}
