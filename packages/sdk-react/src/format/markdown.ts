import { linkParts, safeHref, shownHost } from './links.ts';

/** Part of a line. What is marked holds parts again, three deep at most: each mark stands in itself no second time. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  /** `host`: where the text could be taken for another address. `isAddress`: the text is the address. */
  | {
      readonly kind: 'link';
      readonly href: string;
      readonly text: string;
      readonly host: string | null;
      readonly isAddress: boolean;
    }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: Mark; readonly children: readonly Inline[] };

export type Block =
  /** Lines as they were written, with their breaks. */
  | { readonly kind: 'lines'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly ListItem[] };

export interface ListItem {
  readonly children: readonly Inline[];
  readonly nested: readonly Block[];
}

type Mark = 'strong' | 'em' | 'del';

/** Deeper ones are text. */
const mostNested = 4;

const fence = /^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]{0,20})[ \t]*$/;
const heading = /^ {0,3}#{1,6}[ \t]+(?=\S)/;
const quote = /^ {0,3}>[ \t]?/;
const item = /^([ \t]*)(?:[-*•]|(\d{1,9})[.)])[ \t]+(?=\S)/;

/**
 * The part of Markdown that people write in chats: bold, italic, strike, code, blocks of code, lists, quotes, links, and headings as bold lines. Not CommonMark
 * (https://spec.commonmark.org): line breaks and indentation stay as they were written, marks within words (`snake_case`, `2*3*4`) are none, a backslash is a backslash,
 * and there is no HTML. A mark that is not closed is text, and a block of code that is not closed goes to the end, so that a text can be
 * shown while it grows. The time is linear in the length of the text.
 */
export const parseMarkdown = (text: string): readonly Block[] => blocksOf(text.split('\n'), 0);

function blocksOf(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  let plain: string[] = [];
  const endPlain = (isLast = false) => {
    // Around other blocks there is room anyway.
    const from = blocks.length > 0 ? plain.findIndex(isFull) : 0;
    const to = isLast ? plain.length : plain.findLastIndex(isFull) + 1;
    const written = from < 0 ? [] : plain.slice(from, to);
    if (written.length > 0) blocks.push({ kind: 'lines', children: inlinesOf(written.join('\n')) });
    plain = [];
  };
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const [, ticks, language = ''] = fence.exec(line) ?? [];
    const deep = depth >= mostNested;
    if (ticks !== undefined) {
      endPlain();
      const end = endOf(lines, at + 1, (next) => isClosing(next, ticks));
      blocks.push({ kind: 'code', language, text: lines.slice(at + 1, end).join('\n') });
      at = end + 1;
    } else if (heading.test(line)) {
      endPlain();
      blocks.push({ kind: 'heading', children: inlinesOf(line.replace(heading, '')) });
      at += 1;
    } else if (!deep && quote.test(line)) {
      endPlain();
      const end = endOf(lines, at, (next) => !quote.test(next));
      const within = lines.slice(at, end).map((next) => next.replace(quote, ''));
      blocks.push({ kind: 'quote', children: blocksOf(within, depth + 1) });
      at = end;
    } else if (!deep && item.test(line)) {
      endPlain();
      const end = endOf(lines, at, (next) => !item.test(next));
      blocks.push(...listsOf(lines.slice(at, end), depth));
      at = end;
    } else {
      plain.push(line);
      at += 1;
    }
  }
  endPlain(true);
  return blocks;
}

const isFull = (line: string): boolean => line.trim() !== '';

function endOf(lines: readonly string[], from: number, ends: (line: string) => boolean): number {
  let at = from;
  while (at < lines.length && !ends(lines[at] ?? '')) at += 1;
  return at;
}

function isClosing(line: string, opening: string): boolean {
  const [, ticks = '', language] = fence.exec(line) ?? [];
  return language === '' && ticks[0] === opening[0] && ticks.length >= opening.length;
}

/** Consecutive items. Those that stand further in than the one before belong to it. */
function listsOf(lines: readonly string[], depth: number): readonly Block[] {
  const lists: { readonly kind: 'list'; readonly start: number | null; readonly items: ListItem[] }[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const [marker = '', indent = '', number] = item.exec(line) ?? [];
    const end = endOf(lines, at + 1, (next) => widthOf(item.exec(next)?.[1] ?? '') < widthOf(indent) + 2);
    const last = lists.at(-1);
    const isSame = last !== undefined && (last.start === null) === (number === undefined);
    const list = isSame
      ? last
      : { kind: 'list' as const, start: number === undefined ? null : Number(number), items: [] };
    if (!isSame) lists.push(list);
    const nested = end === at + 1 ? [] : blocksOf(lines.slice(at + 1, end), depth + 1);
    list.items.push({ children: inlinesOf(line.slice(marker.length)), nested });
    at = end;
  }
  return lists;
}

const widthOf = (indent: string): number => indent.replaceAll('\t', '    ').length;

/** Code, a link with words, or a mark: what may begin or end something. */
const token =
  /(`+)|\[([^\]\n[]{1,500})\]\(((?:https?:\/\/|mailto:)[^\s<>()]{1,2000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,200})?)\)|\*{1,3}|_{1,3}|~~/giu;
const marks: ReadonlyMap<string, readonly Mark[]> = new Map([
  ['***', ['strong', 'em']],
  ['___', ['strong', 'em']],
  ['**', ['strong']],
  ['__', ['strong']],
  ['*', ['em']],
  ['_', ['em']],
  ['~~', ['del']],
]);
/** A mark begins after nothing, a space or what opens, and ends before nothing, a space or a sign. */
const mayComeBefore = /[\s([{<"'“‘«*_~—–]/u;
const isOfWord = /[\p{L}\p{M}\p{N}]/u;

interface Open {
  readonly written: string;
  /** The parts since it. */
  readonly children: Inline[];
}

function inlinesOf(text: string): readonly Inline[] {
  const stack: [Open, ...Open[]] = [{ written: '', children: [] }];
  const top = () => stack.at(-1) ?? stack[0];
  const addText = (from: number, to: number) => {
    if (to > from) top().children.push(...linked(text.slice(from, to)));
  };
  const codeEnds = closingTicks(text);
  const isInLink = linksIn(text);
  let done = 0;
  for (const match of text.matchAll(token)) {
    const [written, ticks, label, address] = match;
    const at = match.index;
    // A mark within an address is of the address.
    if (at < done || isInLink(at)) continue;
    const after = at + written.length;
    if (ticks !== undefined) {
      const end = codeEnds.next(ticks.length, after);
      if (end === undefined) continue;
      addText(done, at);
      top().children.push({ kind: 'code', text: codeText(text.slice(after, end)) });
      done = end + ticks.length;
    } else if (label !== undefined && address !== undefined) {
      const href = safeHref(address);
      if (href === null) continue;
      addText(done, at);
      top().children.push({
        kind: 'link',
        href,
        text: label,
        host: looksLikeAddress.test(label) ? shownHost(href) : null,
        isAddress: false,
      });
      done = after;
    } else {
      const kinds = marks.get(written);
      const opened = stack.findIndex((open, index) => index > 0 && open.written === written);
      const [before, next] = [text.charAt(at - 1), text.charAt(after)];
      const holds = at > done || top().children.length > 0;
      const closes = opened > 0 && holds && /\S/u.test(before) && !isOfWord.test(next);
      const opens =
        !closes && opened < 0 && stack.length <= 3 && /\S/u.test(next) && (before === '' || mayComeBefore.test(before));
      if (kinds === undefined || (!closes && !opens)) continue;
      addText(done, at);
      done = after;
      if (opens) stack.push({ written, children: [] });
      else {
        // What was opened within it and is not closed is text.
        while (stack.length > opened + 1) unopen(stack);
        const children = joined(stack.pop()?.children ?? []);
        top().children.push(
          ...kinds.reduceRight((inner, kind): readonly Inline[] => [{ kind, children: inner }], children),
        );
      }
    }
  }
  addText(done, text.length);
  while (stack.length > 1) unopen(stack);
  return joined(stack[0].children);
}

/** A part that was opened and not closed is the sign and what follows it. */
function unopen(stack: [Open, ...Open[]]): void {
  const open = stack.pop();
  if (open !== undefined)
    (stack.at(-1) ?? stack[0]).children.push({ kind: 'text', text: open.written }, ...open.children);
}

const looksLikeAddress = /:\/\/|@|[^\s.]\.[^\s.]/u;

function linked(text: string): readonly Inline[] {
  return linkParts(text).map(
    ({ text: written, href, shown }): Inline =>
      href === undefined
        ? { kind: 'text', text: written }
        : { kind: 'link', href, text: shown ?? written, host: null, isAddress: true },
  );
}

/** Whether a place is within an address; asked for from left to right. */
function linksIn(text: string): (at: number) => boolean {
  const parts = linkParts(text);
  let index = 0;
  let start = 0;
  return (at) => {
    for (let part = parts[index]; part !== undefined && start + part.text.length <= at; part = parts[index]) {
      start += part.text.length;
      index += 1;
    }
    return parts[index]?.href !== undefined;
  };
}

/** Texts that stand beside one another are one. */
function joined(parts: readonly Inline[]): readonly Inline[] {
  const all: Inline[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (part.kind === 'text' && last?.kind === 'text')
      all[all.length - 1] = { kind: 'text', text: last.text + part.text };
    else all.push(part);
  }
  return all;
}

/** One space on both sides makes room for a tick at the beginning or the end. */
const codeText = (text: string): string =>
  text.startsWith(' ') && text.endsWith(' ') && text.trim() !== '' ? text.slice(1, -1) : text;

/** Where runs of ticks end code: looked up by length, forwards only, so that each run is passed once. */
function closingTicks(text: string): { next(length: number, from: number): number | undefined } {
  const runs = new Map<number, number[]>();
  for (const { 0: ticks, index } of text.matchAll(/`+/g)) {
    const all = runs.get(ticks.length);
    if (all === undefined) runs.set(ticks.length, [index]);
    else all.push(index);
  }
  const passed = new Map<number, number>();
  return {
    next(length, from) {
      const all = runs.get(length) ?? [];
      let at = passed.get(length) ?? 0;
      while (at < all.length && (all[at] ?? 0) < from) at += 1;
      passed.set(length, at);
      return all[at];
    },
  };
}
