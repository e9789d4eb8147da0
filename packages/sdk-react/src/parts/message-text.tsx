import { createElement, Fragment, type ReactNode, useMemo, useState } from 'react';
import { toStrangers } from '../format/links.ts';
import { type Block, type Inline, parseMarkdown } from '../format/markdown.ts';
import { shorten } from '../format/shorten.ts';
import { useStrings } from '../provider/parley-context.ts';
import { CopyAction } from './copy-action.tsx';

/** Text with the part of Markdown that people write in chats, as elements. Never HTML, whatever was written. A button unfolds text that would fill the screen. */
export function MessageText({ text }: { readonly text: string }) {
  const strings = useStrings();
  const [unfolded, setUnfolded] = useState(false);
  const short = unfolded ? null : shorten(text);
  const blocks = useMemo(() => parseMarkdown(short ?? text), [short, text]);
  return (
    <>
      {blocksOf(blocks)}
      {short !== null && (
        <>
          …{' '}
          <button className="parley-link-button" type="button" onClick={() => setUnfolded(true)}>
            {strings.showAll}
          </button>
        </>
      )}
    </>
  );
}

/** Without keys: the order of the parts of a text never changes without the text. */
const all = <Part,>(parts: readonly Part[], render: (part: Part) => ReactNode): ReactNode =>
  createElement(Fragment, null, ...parts.map(render));

// Most messages are lines without anything else, and need no element for them.
const blocksOf = (blocks: readonly Block[]): ReactNode =>
  blocks.length === 1 && blocks[0]?.kind === 'lines' ? inlines(blocks[0].children) : all(blocks, blockOf);

function blockOf(block: Block): ReactNode {
  switch (block.kind) {
    case 'code':
      return <CodeBlock text={block.text} language={block.language} />;
    case 'quote':
      return (
        <blockquote className="parley-blockquote" dir="auto">
          {blocksOf(block.children)}
        </blockquote>
      );
    case 'list': {
      const items = all(block.items, ({ children, nested }) => (
        <li className="parley-list-line" dir="auto">
          {inlines(children)}
          {all(nested, blockOf)}
        </li>
      ));
      if (block.start === null) return <ul className="parley-list">{items}</ul>;
      return (
        <ol className="parley-list" start={block.start}>
          {items}
        </ol>
      );
    }
    case 'heading':
      return (
        <strong className="parley-heading" dir="auto">
          {inlines(block.children)}
        </strong>
      );
    default:
      return (
        <div className="parley-lines" dir="auto">
          {inlines(block.children)}
        </div>
      );
  }
}

const inlines = (parts: readonly Inline[]): ReactNode => all(parts, inlineOf);

function inlineOf(part: Inline): ReactNode {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return (
        <code className="parley-code" dir="ltr">
          {part.text}
        </code>
      );
    case 'link':
      return (
        <>
          <a
            className="parley-link"
            href={part.href}
            title={part.href}
            dir={part.isAddress ? 'ltr' : 'auto'}
            {...toStrangers}
          >
            {part.text}
          </a>
          {part.host !== null && <span className="parley-link-host"> ({part.host})</span>}
        </>
      );
    case 'strong':
      return <strong className="parley-strong">{inlines(part.children)}</strong>;
    case 'em':
      return <em className="parley-em">{inlines(part.children)}</em>;
    default:
      return <del className="parley-del">{inlines(part.children)}</del>;
  }
}

function CodeBlock({ text, language }: { readonly text: string; readonly language: string }) {
  return (
    <div className="parley-code-block" dir="ltr">
      <div className="parley-code-head">
        <span className="parley-code-language">{language}</span>
        <CopyAction text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="parley-pre" tabIndex={0}>
        <code className="parley-pre-code">{text}</code>
      </pre>
    </div>
  );
}
