/** Where the platform is and how to become a user there: from the environment, else what `parley dev` offers on this machine. */
export function localPlatform(user: string): { url: string; getToken: () => Promise<string> } {
  const url = process.env['PARLEY_URL'] ?? 'http://127.0.0.1:4000/graphql';
  return { url, getToken: async () => process.env['PARLEY_TOKEN'] ?? (await developmentToken(url, user)) };
}

/** Your own back end mints tokens with `@parley/sdk-server`. */
async function developmentToken(url: string, user: string): Promise<string> {
  const response = await fetch(new URL(`/dev/token?user=${user}`, url), { signal: AbortSignal.timeout(5_000) });
  const body: unknown = await response.json();
  if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string') return body.token;
  throw new Error(`unable to get a token; ${response.url} answered with status ${response.status}`);
}
