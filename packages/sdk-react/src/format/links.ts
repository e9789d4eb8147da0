import { addressIn } from './address-in.ts';
import { isPlainHost } from './hosts.ts';

/** A part of a text; with `href`, it is a link. */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
  /** What is shown in place of the text, where that could be taken for another address. */
  readonly shown?: string;
}

/** What a link from somebody else's text carries: it learns nothing of the page, gets no hold of it, and is no recommendation. */
export const toStrangers = { target: '_blank', rel: 'noopener noreferrer nofollow ugc' } as const;

// A mail address is looked for only where a word begins, and its first part is bounded: the time stays linear in the length of the text. Its host is whole.
// A link ends at a character that nobody sees, and before the next address right after a character beyond ASCII; an apostrophe within a word is of
// the word.
const candidate =
  /(?:https?:\/\/|mailto:)(?:(?!(?<=[^\x20-\x7E])https?:\/\/)[^\s<>"'`\p{Cc}\p{Cf}]|(?<=[\p{L}\p{N}])'(?=[\p{L}\p{N}]))+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+(?![\w-]|\.\w|[\p{L}\p{M}\p{N}-]{1,63}\.[\p{L}\p{N}])/giu;
/** What people leave out of an address is recognised in the most usual ones: after `www.`, and before these ends. */
const bareEnds =
  'com|org|net|edu|gov|info|io|dev|app|ai|co|me|eu|de|uk|fr|es|it|nl|pl|ch|at|se|no|dk|fi|cz|pt|tr|jp|kr|cn|tw|in|br|mx|ca|au|nz|ua|ru';
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const bare = new RegExp(
  String.raw`(?<![\p{L}\p{N}_.@:/\\+-])(?:www\.(?:${label}\.){1,4}[a-z]{2,24}|(?:${label}\.){1,4}(?:${bareEnds}))(?![\w@-]|\.\w)` +
    String.raw`(?::\d{1,5}(?!\d))?(?:[/?#][\x21-\x26\x28-\x3B\x3D\x3F-\x5F\x61-\x7E]*)?`,
  'giu',
);
// Punctuation of any script, and quotation marks and brackets that close; those of ASCII are looked at one by one.
const trailing = /(?<![.,;:!?…*_~\p{Pf}\p{Pi}،؛؟।])[.,;:!?…*_~\p{Pf}\p{Pi}،؛؟।]+$/u;

/** Splits text at http, https and mailto links, at mail addresses, and at addresses of the web without their beginning. Anything else stays text, whatever it looks like. */
export function linkParts(text: string): readonly TextPart[] {
  return partsAt(text, candidate, addressOf).flatMap((part) =>
    part.href === undefined ? partsAt(part.text, bare, (found) => `https://${found}`) : part,
  );
}

const addressOf = (found: string): string => (/^(?:https?:|mailto:)/i.test(found) ? found : `mailto:${found}`);

function partsAt(text: string, pattern: RegExp, complete: (found: string) => string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const found = withoutTrailing(addressIn(match[0], text.charAt(match.index - 1)));
    const address = complete(found);
    const url = safeUrl(address);
    if (url === null) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    const shown = isHonest(address, url) ? {} : { shown: url.href };
    parts.push({ text: found, href: url.href, ...shown });
    end = match.index + found.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** The address when a person may be sent there (http, https, mailto, without a user's name before the host), else null. */
export function safeHref(address: string | null): string | null {
  return address === null ? null : (safeUrl(address)?.href ?? null);
}

/** The host that a link leads to, as it may be shown; null for what is no link to a host. */
export function shownHost(address: string | null): string | null {
  const url = address === null ? null : safeUrl(address);
  if (address === null || url === null || url.host === '') return null;
  const written = hostIn(address);
  return namesHost(written, url) ? written : url.host;
}

function safeUrl(address: string): URL | null {
  try {
    const url = new URL(address);
    const known = url.protocol === 'http:' || url.protocol === 'https:' || url.protocol === 'mailto:';
    // "https://bank.example@evil.example" leads to evil.example.
    return known && url.username === '' && url.password === '' ? url : null;
  } catch {
    return null;
  }
}

/** Whether the address as it is written says where it leads. */
function isHonest(written: string, url: URL): boolean {
  if (url.protocol === 'mailto:') return /^[\x21-\x7E]+$/.test(written);
  const host = hostIn(written);
  // Where the host goes from right to left, a path that does so too would run together with it.
  return (
    namesHost(host, url) &&
    (!rightToLeft.test(host) || !rightToLeft.test(written.slice(written.indexOf(host) + host.length)))
  );
}

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF]/u;

/** What stands between the slashes. */
const hostIn = (address: string): string => /^\s*https?:\/\/([^/\\?#]*)/iu.exec(address)?.[1] ?? '';

/** Whether a host, as it is written, is the one that the address leads to, and can be taken for no other. */
function namesHost(written: string, url: URL): boolean {
  const lower = written.toLowerCase();
  if (lower === url.host) return true;
  const name = lower.replace(/:\d+$/, '');
  // In ASCII, what differs from the host is another way to write it: 2130706433 is 127.0.0.1.
  if (/^[\x21-\x7E]*$/.test(name) || name !== name.normalize('NFC') || !isPlainHost(name)) return false;
  return safeUrl(`${url.protocol}//${lower}`)?.host === url.host;
}

/** A sentence's full stop is not part of its link; neither is a bracket that was opened before the link. */
function withoutTrailing(link: string): string {
  let kept = link.replace(trailing, '');
  for (const [opening = '', closing = ''] of ['()', '[]', '{}']) {
    let unopened = count(kept, closing) - count(kept, opening);
    while (unopened > 0 && kept.endsWith(closing)) {
      unopened -= 1;
      kept = kept.slice(0, -1);
    }
  }
  return kept === link ? link : kept.replace(trailing, '');
}

const count = (text: string, character: string): number => text.split(character).length - 1;
