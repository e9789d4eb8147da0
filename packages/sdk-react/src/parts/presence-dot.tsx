import type { ComponentPropsWithoutRef } from 'react';
import { usePresence } from '../hooks/use-presence.ts';
import { classNames } from '../lib/class-names.ts';
import { useStrings } from '../provider/parley-context.ts';

export interface PresenceDotProps extends ComponentPropsWithoutRef<'span'> {
  readonly userId: string;
}

/** A dot that is lit while the user is online. */
export function PresenceDot({ userId, className, ...rest }: PresenceDotProps) {
  const strings = useStrings();
  const online = usePresence(userId)?.online === true;
  return (
    <span
      {...rest}
      className={classNames('parley parley-presence-dot', className)}
      data-online={online}
      role="img"
      aria-label={online ? strings.online : strings.offline}
    />
  );
}
