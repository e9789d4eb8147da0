/** A token from the environment, else one that `parley dev` mints. Your own back end mints them with `@parley/sdk-server`. */
export async function tokenFor(url: string, user: string): Promise<string> {
  const given = process.env['PARLEY_TOKEN'];
  if (given !== undefined) return given;
  const response = await fetch(new URL(`/dev/token?user=${user}`, url), { signal: AbortSignal.timeout(5_000) });
  const body: unknown = await response.json();
  if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string') return body.token;
  throw new Error(`unable to get a token; ${response.url} answered with status ${response.status}`);
}
