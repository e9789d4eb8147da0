import { useEffect, useState } from 'react';
import { useStrings } from '../provider/parley-context.ts';
import { Icon } from './icon.tsx';

const confirmedMs = 1_600;

/** Copies a text, and says that it did. Browsers offer the clipboard to secure pages only; elsewhere there is no such button. */
export function CopyAction({ text }: { readonly text: string }) {
  const strings = useStrings();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), confirmedMs);
    return () => clearTimeout(timer);
  }, [copied]);

  if (typeof navigator === 'undefined' || navigator.clipboard === undefined) return null;
  const label = copied ? strings.copied : strings.copy;
  return (
    <button
      className="parley-icon-button"
      type="button"
      aria-label={label}
      title={label}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}
