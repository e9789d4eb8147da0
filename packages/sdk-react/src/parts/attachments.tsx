import type { Attachment } from '@parley/contracts';
import { useState } from 'react';
import { safeHref, shownHost, toStrangers } from '../format/links.ts';
import { useStrings } from '../provider/parley-context.ts';
import { Icon } from './icon.tsx';
import { titleOf } from './quoted-message.tsx';

/** Pictures are shown; anything else, and what turns out to be no picture, is linked. */
export function Attachments({ attachments }: { readonly attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <div className="parley-attachments">
      {attachments.map((attachment) => (
        <OneAttachment key={attachment.id} attachment={attachment} />
      ))}
    </div>
  );
}

function OneAttachment({ attachment }: { readonly attachment: Attachment }) {
  const strings = useStrings();
  const [broken, setBroken] = useState(false);
  const href = safeHref(attachment.url);
  const title = titleOf(attachment, strings);
  // A title is any text, also the address of another place.
  const host = shownHost(attachment.url);
  if (href !== null && !broken && (attachment.type === 'image' || attachment.mimeType?.startsWith('image/') === true)) {
    const picture = safeHref(attachment.thumbnailUrl) ?? href;
    return (
      <a className="parley-attachment-image" href={href} title={host ?? undefined} {...toStrangers}>
        <img
          src={picture}
          alt={title}
          loading="lazy"
          onError={() => setBroken(true)}
          referrerPolicy="no-referrer"
          width={attachment.width ?? undefined}
          height={attachment.height ?? undefined}
        />
      </a>
    );
  }
  const content = (
    <>
      <Icon name="file" />
      <span className="parley-attachment-words">
        <bdi className="parley-attachment-title">{title}</bdi>
        {host !== null && (
          <span className="parley-attachment-host" dir="ltr">
            {host}
          </span>
        )}
      </span>
    </>
  );
  if (href === null) return <span className="parley-attachment-file">{content}</span>;
  return (
    <a className="parley-attachment-file" href={href} {...toStrangers}>
      {content}
    </a>
  );
}
