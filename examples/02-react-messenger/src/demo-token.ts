/** Asks `parley dev` for a token; in production your own back end mints it. */
export async function demoToken(user: string): Promise<string> {
  const response = await fetch(`/dev/token?user=${encodeURIComponent(user)}`);
  if (!response.ok) throw new Error(`no token for ${user}: ${await response.text()}`);
  return ((await response.json()) as { token: string }).token;
}
