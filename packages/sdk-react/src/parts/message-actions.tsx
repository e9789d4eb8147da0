import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useStrings } from '../provider/parley-context.ts';
import { Icon, type IconName } from './icon.tsx';
import { ReactionGlyph } from './reaction-glyph.tsx';

export interface MessageActionsProps {
  readonly reactions: readonly string[];
  readonly ownReactions: readonly string[];
  /** What is absent is not offered. */
  readonly onReact?: ((type: string) => void) | undefined;
  readonly onReply?: (() => void) | undefined;
  readonly onEdit?: (() => void) | undefined;
  readonly onDelete?: (() => void) | undefined;
  /** Called when a choice has opened that must not vanish with the pointer, and when it has closed. */
  readonly onOpenChange: (open: boolean) => void;
}

type Choice = 'none' | 'react' | 'delete';

/** What can be done with one message. */
export function MessageActions(props: MessageActionsProps) {
  const { reactions, ownReactions, onReact, onReply, onEdit, onDelete, onOpenChange } = props;
  const strings = useStrings();
  const bar = useRef<HTMLDivElement>(null);
  const [choice, setChoice] = useState<Choice>('none');
  const choose = (next: Choice) => {
    setChoice(next);
    onOpenChange(next !== 'none');
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && choice !== 'none') {
      event.stopPropagation();
      choose('none');
    }
  };

  useEffect(() => {
    if (choice !== 'none') bar.current?.querySelector<HTMLButtonElement>('[data-first]')?.focus();
  }, [choice]);

  if (choice === 'react' && onReact !== undefined) {
    return (
      <Bar barRef={bar} label={strings.react} onKeyDown={press} onLeave={() => choose('none')}>
        {reactions.map((type, index) => (
          <button
            key={type}
            className="parley-pick"
            type="button"
            data-first={index === 0 ? '' : undefined}
            aria-label={strings.reactWith(type)}
            aria-pressed={ownReactions.includes(type)}
            onClick={() => {
              choose('none');
              onReact(type);
            }}
          >
            <ReactionGlyph type={type} />
          </button>
        ))}
      </Bar>
    );
  }
  if (choice === 'delete' && onDelete !== undefined) {
    return (
      <Bar barRef={bar} label={strings.delete} onKeyDown={press} onLeave={() => choose('none')}>
        <button
          className="parley-button"
          data-kind="danger"
          data-first=""
          type="button"
          onClick={() => {
            choose('none');
            onDelete();
          }}
        >
          {strings.confirmDelete}
        </button>
        <Action icon="close" label={strings.cancel} onClick={() => choose('none')} />
      </Bar>
    );
  }
  return (
    <Bar barRef={bar} label={strings.actions}>
      {onReact !== undefined && <Action icon="react" label={strings.react} onClick={() => choose('react')} />}
      {onReply !== undefined && <Action icon="reply" label={strings.reply} onClick={onReply} />}
      {onEdit !== undefined && <Action icon="edit" label={strings.edit} onClick={onEdit} />}
      {onDelete !== undefined && <Action icon="delete" label={strings.delete} onClick={() => choose('delete')} />}
    </Bar>
  );
}

interface BarProps {
  readonly barRef: RefObject<HTMLDivElement | null>;
  readonly label: string;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly onLeave?: () => void;
  readonly children: ReactNode;
}

function Bar({ barRef, label, onKeyDown, onLeave, children }: BarProps) {
  return (
    <div
      ref={barRef}
      className="parley-actions"
      role="toolbar"
      aria-label={label}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget instanceof Node && !event.currentTarget.contains(event.relatedTarget)) onLeave?.();
      }}
    >
      {children}
    </div>
  );
}

function Action({
  icon,
  label,
  onClick,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
}) {
  return (
    <button className="parley-icon-button" type="button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
