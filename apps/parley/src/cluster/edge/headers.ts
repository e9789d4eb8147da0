/** Headers that are about one connection, not about the message. https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Name, value, name, value: those that go on to the other side; with `client`, who asked is added. */
export function endToEndHeaders(raw: readonly string[], client?: string): string[] {
  const kept: string[] = [];
  const named = new Set(
    pairs(raw).flatMap(([name, value]) =>
      name.toLowerCase() === 'connection' ? value.split(',').map((one) => one.trim().toLowerCase()) : [],
    ),
  );
  for (const [name, value] of pairs(raw)) {
    const lower = name.toLowerCase();
    if (!hopByHop.has(lower) && !named.has(lower)) kept.push(name, value);
  }
  return client === undefined ? kept : [...kept, 'X-Forwarded-For', client];
}

/** The head of an upgrade, as it came. */
export function upgradeHead(method: string, url: string, raw: readonly string[], client?: string): string {
  const lines = pairs(raw).map(([name, value]) => `${name}: ${value}`);
  if (client !== undefined) lines.push(`X-Forwarded-For: ${client}`);
  return [`${method} ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

function pairs(raw: readonly string[]): [name: string, value: string][] {
  const found: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) found.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return found;
}
