import { type Block, type Inline, parseMarkdown } from './markdown.ts';

/** The text without what marks it, for one line that stands for it. */
export const plainText = (text: string): string => parseMarkdown(text).map(plainBlock).join('\n');

function plainBlock(block: Block): string {
  switch (block.kind) {
    case 'code':
      return block.text;
    case 'quote':
      return block.children.map(plainBlock).join('\n');
    case 'list':
      return block.items
        .flatMap(({ children, nested }) => [plainInlines(children), ...nested.map(plainBlock)])
        .join('\n');
    default:
      return plainInlines(block.children);
  }
}

const plainInlines = (parts: readonly Inline[]): string =>
  parts.map((part) => ('text' in part ? part.text : plainInlines(part.children))).join('');
