/** A stretch of text; with `href`, it is a link. */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
}

// A mail address is looked for only where a word begins, and its first part is bounded: the time stays linear in the length of the text.
const candidate = /(?:https?:\/\/|mailto:)[^\s<>"'`]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/giu;
const trailing = /(?<![.,;:!?…])[.,;:!?…]+$/u;

/** Splits text at http, https and mailto links and at mail addresses. Anything else stays text, whatever it looks like. */
export function linkParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(candidate)) {
    const found = withoutTrailing(match[0]);
    const href = safeHref(/^(?:https?:|mailto:)/i.test(found) ? found : `mailto:${found}`);
    if (href === null) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** The address when a person may be sent there (http, https, mailto), else null. */
export function safeHref(address: string | null): string | null {
  if (address === null) return null;
  try {
    const { protocol, href } = new URL(address);
    return protocol === 'http:' || protocol === 'https:' || protocol === 'mailto:' ? href : null;
  } catch {
    return null;
  }
}

/** A sentence's full stop is not part of its link; neither is a bracket that was opened before the link. */
function withoutTrailing(link: string): string {
  let kept = link.replace(trailing, '');
  let unopened = count(kept, ')') - count(kept, '(');
  while (unopened > 0 && kept.endsWith(')')) {
    unopened -= 1;
    kept = kept.slice(0, -1);
  }
  return kept === link ? link : kept.replace(trailing, '');
}

const count = (text: string, character: string): number => text.split(character).length - 1;
