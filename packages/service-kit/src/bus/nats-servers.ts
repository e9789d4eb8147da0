/** Where the bus is, and who we are there. */
export interface NatsServers {
  readonly servers: readonly string[];
  readonly user?: string;
  readonly pass?: string;
}

/** Reads `nats://user:password@host:4222`, several separated by commas; the client library takes the credentials apart from the addresses. */
export function parseNatsServers(text: string): NatsServers {
  const urls = text.split(',').map((one) => new URL(one.trim()));
  const named = urls.find(({ username }) => username !== '');
  const servers = urls.map(({ protocol, host }) => `${protocol}//${host}`);
  if (named === undefined) return { servers };
  return { servers, user: decodeURIComponent(named.username), pass: decodeURIComponent(named.password) };
}
