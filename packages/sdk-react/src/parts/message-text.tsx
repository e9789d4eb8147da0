import { Fragment, useState } from 'react';
import { linkParts, toStrangers } from '../format/links.ts';
import { shorten } from '../format/shorten.ts';
import { useStrings } from '../provider/parley-context.ts';

/** Text as text nodes, with links. Never HTML, whatever was written. A button unfolds text that would fill the screen. */
export function MessageText({ text }: { readonly text: string }) {
  const strings = useStrings();
  const [unfolded, setUnfolded] = useState(false);
  const short = unfolded ? null : shorten(text);
  if (short === null) return <Linked text={text} />;
  return (
    <>
      <Linked text={short} />…{' '}
      <button className="parley-link-button" type="button" onClick={() => setUnfolded(true)}>
        {strings.showAll}
      </button>
    </>
  );
}

function Linked({ text }: { readonly text: string }) {
  let offset = 0;
  return linkParts(text).map((part) => {
    const key = offset;
    offset += part.text.length;
    if (part.href === undefined) return <Fragment key={key}>{part.text}</Fragment>;
    return (
      <a key={key} className="parley-link" href={part.href} dir="ltr" {...toStrangers}>
        {part.shown ?? part.text}
      </a>
    );
  });
}
