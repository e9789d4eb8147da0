import { type ComponentPropsWithoutRef, type CSSProperties, useState } from 'react';
import { hueOf, initialsOf } from '../format/initials.ts';
import { safeHref } from '../format/links.ts';
import { classNames } from '../lib/class-names.ts';
import { PresenceDot } from './presence-dot.tsx';

export interface AvatarProps extends ComponentPropsWithoutRef<'span'> {
  readonly name: string;
  readonly image?: string | null | undefined;
  /** Seed of the colour when there is no picture; default: the name. */
  readonly seed?: string | undefined;
  readonly size?: 'xs' | 'small' | 'medium' | 'large' | undefined;
  /** Shows whether this user is online. */
  readonly presenceOf?: string | null | undefined;
}

/** A picture, or initials on a colour that stays with the person. Decoration: the name stands beside it. */
export function Avatar({
  name,
  image = null,
  seed = name,
  size = 'medium',
  presenceOf = null,
  className,
  style,
  ...rest
}: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const source = image === broken ? null : safeHref(image);
  const hue: CSSProperties & Record<'--_hue', number> = { ...style, '--_hue': hueOf(seed) };
  return (
    <span {...rest} className={classNames('parley parley-avatar', className)} data-size={size} style={hue}>
      {source === null ? (
        <span className="parley-avatar-initials" aria-hidden="true">
          {initialsOf(name)}
        </span>
      ) : (
        <img
          className="parley-avatar-image"
          src={source}
          alt=""
          loading="lazy"
          referrerPolicy="no-referrer"
          onError={() => setBroken(image)}
        />
      )}
      {presenceOf !== null && <PresenceDot userId={presenceOf} />}
    </span>
  );
}
