import type { MessageView } from '@parley/sdk-js';
import { memo, useRef } from 'react';
import { isEmojiOnly } from '../format/emoji.ts';
import { useAttention } from '../hooks/use-attention.ts';
import { useMessageActions } from '../hooks/use-message-actions.ts';
import { useSelected } from '../hooks/use-store.ts';
import { classNames } from '../lib/class-names.ts';
import { useChannelContext, useParley } from '../provider/parley-context.ts';
import { nameOf } from '../strings.ts';
import type { Receipt } from '../timeline/receipts.ts';
import { Attachments } from './attachments.tsx';
import { Avatar } from './avatar.tsx';
import { FaultBoundary } from './fault-boundary.tsx';
import { FaultLine } from './fault-notice.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessageEditor } from './message-editor.tsx';
import { MessageFault } from './message-fault.tsx';
import { MessageText } from './message-text.tsx';
import { QuotedMessage } from './quoted-message.tsx';
import { Reactions } from './reactions.tsx';
import { ReadReceipts, ReceiptTicks } from './read-receipts.tsx';

export interface MessageProps {
  readonly message: MessageView;
  readonly own: boolean;
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
  /** Whether the author's name is shown; in a conversation of two it says nothing new. */
  readonly showsName: boolean;
  readonly receipt: Receipt;
  readonly readers: readonly string[];
  readonly reactions: readonly string[];
  readonly highlighted: boolean;
  readonly onJump: (messageId: string) => void;
  readonly className?: string | undefined;
}

/** One message, with its attachments, reactions and actions. One that cannot be shown says so and leaves the others alone. */
export const Message = memo(function Message(props: MessageProps) {
  const { message, className } = props;
  const { strings } = useParley();
  return (
    <FaultBoundary
      part="message"
      id={message.id}
      content={message}
      fallback={(retry) => (
        <li
          className={classNames('parley-message', className)}
          data-message-id={message.id}
          tabIndex={-1}
          aria-label={strings.messageNotShown}
        >
          <FaultLine words={strings.messageNotShown} onRetry={retry} />
        </li>
      )}
    >
      <MessageRow {...props} />
    </FaultBoundary>
  );
});

function MessageRow(props: MessageProps) {
  const { message, own, startsGroup, endsGroup, showsName, receipt, readers, reactions, highlighted, onJump } = props;
  const { strings, dates } = useParley();
  const { draft } = useChannelContext();
  const actions = useMessageActions(message, own);
  const editing = useSelected(draft, ({ editingId }) => editingId === message.id) && actions.mayEdit;
  const row = useRef<HTMLLIElement>(null);
  const { attended, setHeld, listeners } = useAttention(row);
  const name = nameOf(message.user, strings);
  const deleted = message.deletedAt !== null;
  const deletion = message.pending === 'delete' ? strings.deleting : strings.deletedMessage;
  const mine = message.ownReactions?.map(({ type }) => type) ?? [];
  const hasActions = !deleted && message.status === 'sent';
  const backToRow = () => row.current?.focus();

  return (
    <li
      ref={row}
      className={classNames('parley-message', props.className)}
      data-message-id={message.id}
      data-own={own}
      data-starts-group={startsGroup}
      data-ends-group={endsGroup}
      data-status={message.status}
      data-pending={message.pending ?? undefined}
      data-highlighted={highlighted}
      tabIndex={-1}
      aria-label={strings.messageBy(own ? strings.you : name, dates.clock(message.createdAt))}
      {...listeners}
    >
      <div className="parley-message-body">
        {startsGroup && showsName && !own && (
          <span className="parley-message-author">
            <bdi>{name}</bdi>
          </span>
        )}
        <div className="parley-message-line">
          {!own && endsGroup && message.user !== null && (
            <Avatar
              className="parley-message-avatar"
              name={name}
              image={message.user.image}
              seed={message.user.id}
              size="small"
            />
          )}
          {editing ? (
            <MessageEditor messageId={message.id} onDone={backToRow} />
          ) : (
            <div
              className="parley-bubble"
              data-deleted={deleted}
              data-emoji={!deleted && isEmojiOnly(message.text) && message.quoted === null}
            >
              {message.quoted !== null && !deleted && <QuotedMessage message={message.quoted} onJump={onJump} />}
              {!deleted && <Attachments attachments={message.attachments} />}
              {(deleted || message.text !== '') && (
                <div className="parley-text" dir="auto">
                  {deleted ? deletion : <MessageText text={message.text} />}
                </div>
              )}
            </div>
          )}
          {attended && hasActions && !editing && (
            <MessageActions
              reactions={reactions}
              ownReactions={mine}
              actions={actions}
              onDone={backToRow}
              text={message.text}
              at={endsGroup ? null : message.createdAt}
              onOpenChange={setHeld}
            />
          )}
        </div>
        <Reactions message={message} onToggle={actions.toggleReaction} />
        {(endsGroup || message.editedAt !== null) && (
          <div className="parley-message-meta">
            {message.editedAt !== null && !deleted && (
              <span title={dates.full(message.editedAt)}>
                {message.pending === 'edit' ? strings.savingEdit : strings.edited}
              </span>
            )}
            {endsGroup && (
              <time dateTime={message.createdAt} title={dates.full(message.createdAt)}>
                {dates.clock(message.createdAt)}
              </time>
            )}
            {own && !deleted && endsGroup && receipt !== 'failed' && <ReceiptTicks receipt={receipt} />}
          </div>
        )}
        <MessageFault
          message={message}
          mayEdit={actions.mayEdit}
          fault={actions.fault}
          onRetry={actions.retry}
          onDiscard={actions.discard}
        />
        {readers.length > 0 && <ReadReceipts readers={readers} />}
      </div>
    </li>
  );
}
