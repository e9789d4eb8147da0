import { ownValue } from '@parley/contracts';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import type { UseMessageActionsResult } from '../hooks/use-message-actions.ts';
import { pressed } from '../lib/pressed.ts';
import { useParley } from '../provider/parley-context.ts';
import { CopyAction } from './copy-action.tsx';
import { Icon, type IconName } from './icon.tsx';
import { ReactionGlyph } from './reaction-glyph.tsx';

export interface MessageActionsProps {
  readonly reactions: readonly string[];
  readonly ownReactions: readonly string[];
  /** The text that can be copied; nothing is offered for the empty text. */
  readonly text: string;
  /** When it was sent, unless the message says so itself. */
  readonly at: string | null;
  /** An action that the viewer may not take is not offered. */
  readonly actions: UseMessageActionsResult;
  /** Called when an action has been taken that leaves nothing to focus on. */
  readonly onDone: () => void;
  /** Called when a choice has opened that must not vanish with the pointer, and when it has closed. */
  readonly onOpenChange: (open: boolean) => void;
}

type Choice = 'none' | 'react' | 'delete';

/** The actions on one message. */
export function MessageActions(props: MessageActionsProps) {
  const { reactions, ownReactions, text, at, actions, onDone, onOpenChange } = props;
  const { strings, dates } = useParley();
  const bar = useRef<HTMLDivElement>(null);
  const [choice, setChoice] = useState<Choice>('none');
  const choose = (next: Choice) => {
    setChoice(next);
    onOpenChange(next !== 'none');
  };
  const press = (event: KeyboardEvent) => {
    if (choice !== 'none' && pressed(event, 'Escape')) {
      event.stopPropagation();
      choose('none');
    }
  };

  useEffect(() => {
    if (choice !== 'none') bar.current?.querySelector<HTMLButtonElement>('[data-first]')?.focus();
  }, [choice]);

  if (choice === 'react' && actions.mayReact) {
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
              actions.toggleReaction(type, ownReactions.includes(type));
              onDone();
            }}
          >
            <ReactionGlyph type={type} />
          </button>
        ))}
      </Bar>
    );
  }
  if (choice === 'delete' && actions.mayDelete) {
    return (
      <Bar barRef={bar} label={strings.delete} onKeyDown={press} onLeave={() => choose('none')}>
        <button
          className="parley-button"
          data-kind="danger"
          data-first=""
          type="button"
          onClick={() => {
            choose('none');
            actions.remove();
            onDone();
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
      {at !== null && (
        <time className="parley-actions-time" dateTime={at} title={dates.full(at)}>
          {dates.clock(at)}
        </time>
      )}
      {actions.mayReact && <Action icon="react" label={strings.react} onClick={() => choose('react')} />}
      {actions.mayReply && <Action icon="reply" label={strings.reply} onClick={actions.reply} />}
      {text !== '' && <CopyAction text={text} />}
      {actions.mayEdit && <Action icon="edit" label={strings.edit} onClick={actions.startEdit} />}
      {actions.mayDelete && <Action icon="delete" label={strings.delete} onClick={() => choose('delete')} />}
    </Bar>
  );
}

/** The arrow keys of a toolbar, which follow the eye: right is right also where writing goes to the left. */
function moveBetweenButtons({ key, target, currentTarget }: KeyboardEvent<HTMLElement>): void {
  const step = ownValue({ ArrowLeft: -1, ArrowRight: 1 }, key);
  if (step === undefined || !(target instanceof HTMLButtonElement)) return;
  const rightToLeft = getComputedStyle(currentTarget).direction === 'rtl';
  const all = [...currentTarget.querySelectorAll('button')];
  const at = all.indexOf(target);
  all[(at + (rightToLeft ? -step : step) + all.length) % all.length]?.focus();
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
      onKeyDown={(event) => {
        moveBetweenButtons(event);
        onKeyDown?.(event);
      }}
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
