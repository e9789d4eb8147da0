export interface PageOptions {
  readonly user: string;
  readonly theme: 'light' | 'dark' | undefined;
  /** The conversation to begin with. */
  readonly channelId: string | undefined;
}

/** What the address asks for: `?user=bob&theme=dark&dir=rtl&channel=messaging:welcome`. */
export function pageOptions(search: string): PageOptions {
  const query = new URLSearchParams(search);
  const wanted = query.get('theme');
  const theme = wanted === 'light' || wanted === 'dark' ? wanted : undefined;
  document.documentElement.dir = query.get('dir') === 'rtl' ? 'rtl' : 'ltr';
  if (theme !== undefined) document.documentElement.dataset['theme'] = theme;
  return { user: query.get('user') ?? 'ada', theme, channelId: query.get('channel') ?? undefined };
}
