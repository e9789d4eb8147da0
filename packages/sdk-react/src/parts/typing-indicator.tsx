import type { ComponentPropsWithoutRef } from 'react';
import { useTyping } from '../hooks/use-typing.ts';
import { classNames } from '../lib/class-names.ts';
import { useStrings } from '../provider/parley-context.ts';
import { shortNameOf } from '../strings.ts';

/** The others who are typing; nothing when nobody is. */
export function TypingIndicator({ className, ...rest }: ComponentPropsWithoutRef<'div'>) {
  const typing = useTyping();
  const strings = useStrings();
  if (typing.length === 0) return null;
  return (
    <div {...rest} className={classNames('parley parley-typing', className)}>
      <span className="parley-typing-dots" aria-hidden="true">
        <span />
        <span />
        <span />
      </span>
      <bdi className="parley-typing-words">{strings.typing(typing.map((user) => shortNameOf(user, strings)))}</bdi>
    </div>
  );
}
