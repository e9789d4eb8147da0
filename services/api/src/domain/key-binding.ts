/** What the secret of a key is bound to, so that it is of no use in the row of another. */
export const keyBinding = (appId: string, keyId: string): readonly string[] => ['api_keys', appId, keyId];
