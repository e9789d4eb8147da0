import type { MessageView } from '@parley/sdk-js';
import type { ComponentPropsWithoutRef } from 'react';
import { useMay } from '../hooks/use-may.ts';
import { classNames } from '../lib/class-names.ts';
import { useStrings } from '../provider/parley-context.ts';
import { ReactionGlyph } from './reaction-glyph.tsx';

export interface ReactionsProps extends Omit<ComponentPropsWithoutRef<'div'>, 'onToggle' | 'children'> {
  readonly message: MessageView;
  readonly onToggle: (type: string, mine: boolean) => void;
}

/** A pill for each kind of reaction, with its count; pressed when it is also one's own. */
export function Reactions({ message, onToggle, className, ...rest }: ReactionsProps) {
  const strings = useStrings();
  const may = useMay();
  if (message.reactionGroups.length === 0) return null;
  return (
    <div {...rest} className={classNames('parley parley-reactions', className)}>
      {message.reactionGroups.map(({ type, count }) => {
        const mine = message.ownReactions?.some((reaction) => reaction.type === type) === true;
        return (
          <button
            key={type}
            className="parley-reaction"
            type="button"
            aria-pressed={mine}
            aria-label={strings.reactions(type, count, mine)}
            disabled={!may('send-reaction')}
            onClick={() => onToggle(type, mine)}
          >
            <ReactionGlyph type={type} />
            <span className="parley-reaction-count">{count}</span>
          </button>
        );
      })}
    </div>
  );
}
