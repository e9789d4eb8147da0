import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, type Inline, parseMarkdown } from './markdown.ts';
import { plainText } from './plain-text.ts';

/** The tree in a line: `strong(bold)`. */
const show = (text: string): string => parseMarkdown(text).map(blockIn).join(' | ');
function blockIn(block: Block): string {
  if (block.kind === 'code') return `code[${block.language}](${block.text})`;
  if (block.kind === 'quote') return `quote(${block.children.map(blockIn).join(' | ')})`;
  if (block.kind === 'list')
    return `list${block.start ?? ''}(${block.items.map(({ children, nested }) => [inlinesIn(children), ...nested.map(blockIn)].join(' ')).join('; ')})`;
  return block.kind === 'heading' ? `heading(${inlinesIn(block.children)})` : inlinesIn(block.children);
}
const inlinesIn = (parts: readonly Inline[]): string => parts.map(inlineIn).join('');
function inlineIn(part: Inline): string {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'code') return `code(${part.text})`;
  if (part.kind === 'link') return `link(${part.text} ${part.href}${part.host === null ? '' : ` ${part.host}`})`;
  return `${part.kind}(${inlinesIn(part.children)})`;
}

test.each([
  ['plain words', 'plain words'],
  ['**bold** and __bold__', 'strong(bold) and strong(bold)'],
  ['*it* _it_ ~~no~~', 'em(it) em(it) del(no)'],
  ['***both***', 'strong(em(both))'],
  ['**a _b_ c**', 'strong(a em(b) c)'],
  ['(*so*), "_so_".', '(em(so)), "em(so)".'],
  // Not within words, not around spaces, not without an end.
  ['snake_case_name and 2*3*4 = 24', 'snake_case_name and 2*3*4 = 24'],
  ['2 * 3 * 4, ** and __', '2 * 3 * 4, ** and __'],
  ['**half a mark', '**half a mark'],
  ['**bold *half** more', 'strong(bold *half) more'],
  ['¯\\_(ツ)_/¯', '¯\\_(ツ)_/¯'],
  ['****', '****'],
  // Code takes everything as it is.
  ['`a*b*` and ``with ` in it``', 'code(a*b*) and code(with ` in it)'],
  ['` `` `', 'code(``)'],
  ['a ` alone', 'a ` alone'],
  ['```ts\nlet a = "**";\n```\nafter', 'code[ts](let a = "**";) | after'],
  ['```\nnot closed *yet*', 'code[](not closed *yet*)'],
  ['~~~\n```\n~~~', 'code[](```)'],
  // Blocks.
  ['# Title\nwords', 'heading(Title) | words'],
  ['#tag', '#tag'],
  ['> said *so*\n> and so\nyes', 'quote(said em(so)\nand so) | yes'],
  ['> > deep', 'quote(quote(deep))'],
  ['- a\n- b\n  - c\n- d', 'list(a; b list(c); d)'],
  ['3. three\n4. four', 'list3(three; four)'],
  ['- a\n1. b', 'list(a) | list1(b)'],
  ['-5 and - not a list', '-5 and - not a list'],
  // Lines and indentation stay.
  ['one\n\n  two', 'one\n\n  two'],
  ['one\n\n> two\n\n\nthree', 'one | quote(two) | three'],
  // Links.
  ['see https://a.example/_x_/y_z *now*', 'see link(https://a.example/_x_/y_z https://a.example/_x_/y_z) em(now)'],
  ['[here](https://a.example/b)', 'link(here https://a.example/b)'],
  ['[bank.example](https://evil.example/)', 'link(bank.example https://evil.example/ evil.example)'],
  ['[here](javascript:alert(1))', '[here](javascript:alert(1))'],
  ['[here](https://ada@evil.example/)', '[here](https://ada@evil.example/)'],
  ['<b>bold</b> &amp; <script>', '<b>bold</b> &amp; <script>'],
])('%j', (text, tree) => {
  expect(show(text)).toBe(tree);
});

const signs = fc.array(
  fc.constantFrom(
    '*',
    '**',
    '_',
    '__',
    '~~',
    '`',
    '``',
    '```\n',
    '> ',
    '- ',
    '1. ',
    '\n',
    ' ',
    'a',
    '[',
    '](https://a.b)',
    '# ',
    '  ',
  ),
  {
    maxLength: 200,
  },
);

test('no word of any text is lost, and it can be shown while it grows', () => {
  fc.assert(
    fc.property(signs, (parts) => {
      const text = parts.join('');
      for (const end of [text.length, text.length >> 1]) {
        const letters = (words: string) => words.replaceAll(/\(https:\/\/a\.b\)/g, '').replaceAll(/[^a]/g, '');
        expect(letters(plainText(text.slice(0, end)))).toBe(letters(text.slice(0, end)));
      }
    }),
  );
});

test.each([
  '>',
  '> ',
  '*',
  '**a ',
  '_a__',
  '`',
  '``a',
  '[',
  '[a](',
  '- ',
  '  - a\n',
  '~~',
  '#',
  '```\n',
  '[a](https://a.b/',
  '`` ` ',
  '* a\n> ',
])(
  'thousands of %j are parsed no deeper than is shown, in a time that grows with the text alone',
  (sign) => {
    let looks = 0;
    const depth = (parts: readonly { readonly children?: readonly unknown[] }[]): number => {
      looks += 1;
      return 1 + Math.max(0, ...parts.map((part) => ('children' in part ? depth(part.children as never) : 0)));
    };
    expect(depth(parseMarkdown(sign.repeat(4_000)) as never)).toBeLessThan(10);
    expect(looks).toBeGreaterThan(0);
  },
  1_000,
);
