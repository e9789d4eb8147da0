import { Fragment } from 'react';
import { linkParts } from '../format/links.ts';

/** Text as text nodes, with links. Never HTML, whatever was written. */
export function MessageText({ text }: { readonly text: string }) {
  let offset = 0;
  return linkParts(text).map((part) => {
    const key = offset;
    offset += part.text.length;
    if (part.href === undefined) return <Fragment key={key}>{part.text}</Fragment>;
    return (
      <a key={key} className="parley-link" href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    );
  });
}
