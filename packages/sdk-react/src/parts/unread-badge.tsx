import type { ComponentPropsWithoutRef } from 'react';
import { classNames } from '../lib/class-names.ts';
import { useStrings } from '../provider/parley-context.ts';

export interface UnreadBadgeProps extends ComponentPropsWithoutRef<'span'> {
  readonly count: number;
  readonly mentions?: number | undefined;
}

/** A number that wants attention; nothing at all when it is zero. */
export function UnreadBadge({ count, mentions = 0, className, ...rest }: UnreadBadgeProps) {
  const strings = useStrings();
  if (count <= 0) return null;
  const words = mentions > 0 ? `${strings.unread(count)}, ${strings.mentions(mentions)}` : strings.unread(count);
  return (
    <span {...rest} className={classNames('parley parley-unread-badge', className)} data-mention={mentions > 0}>
      <span aria-hidden="true" dir="ltr">
        {mentions > 0 && '@'}
        {count > 99 ? '99+' : count}
      </span>
      <span className="parley-only-heard">{words}</span>
    </span>
  );
}
