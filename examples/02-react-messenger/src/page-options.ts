export interface PageOptions {
  readonly user: string;
  readonly theme: 'light' | 'dark' | undefined;
}

/** What the address asks for: `?user=bob&theme=dark&dir=rtl`. */
export function pageOptions(search: string): PageOptions {
  const query = new URLSearchParams(search);
  const theme = query.get('theme');
  document.documentElement.dir = query.get('dir') === 'rtl' ? 'rtl' : 'ltr';
  if (theme !== 'light' && theme !== 'dark') return { user: query.get('user') ?? 'ada', theme: undefined };
  document.documentElement.dataset['theme'] = theme;
  return { user: query.get('user') ?? 'ada', theme };
}
