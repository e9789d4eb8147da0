import type { ChannelSummary } from '@parley/sdk-js';
import { type ComponentPropsWithoutRef, memo } from 'react';
import { channelTitle } from '../format/channel-title.ts';
import { useMyId } from '../hooks/use-me.ts';
import { useNow } from '../hooks/use-now.ts';
import { useSelected } from '../hooks/use-store.ts';
import { classNames } from '../lib/class-names.ts';
import { useParley } from '../provider/parley-context.ts';
import { nameOf, type Strings } from '../strings.ts';
import { Avatar } from './avatar.tsx';
import { FaultBoundary } from './fault-boundary.tsx';
import { FaultLine } from './fault-notice.tsx';
import { summaryOf } from './quoted-message.tsx';
import { UnreadBadge } from './unread-badge.tsx';

export interface ChannelListItemProps extends Omit<ComponentPropsWithoutRef<'button'>, 'onSelect'> {
  readonly channel: ChannelSummary;
  readonly selected?: boolean | undefined;
  /** The time that is now; default: that of the browser, to the minute. */
  readonly now?: Date | undefined;
  readonly onSelect?: ((channelId: string) => void) | undefined;
}

/** One conversation in a list: who, what was last said and when, how much is new. One that cannot be shown says so and leaves the others alone. */
export const ChannelListItem = memo(function ChannelListItem(props: ChannelListItemProps) {
  const { channel, className, tabIndex } = props;
  const { strings } = useParley();
  return (
    <FaultBoundary
      part="channel-list-item"
      id={channel.id}
      content={channel}
      fallback={(retry) => (
        <div className={classNames('parley parley-channel-list-item', className)}>
          <FaultLine words={strings.conversationNotShown} onRetry={retry} tabIndex={tabIndex} />
        </div>
      )}
    >
      <ItemButton {...props} />
    </FaultBoundary>
  );
});

function ItemButton(props: ChannelListItemProps) {
  const present = useNow();
  const { channel, selected = false, now = present, onSelect, className, ...rest } = props;
  const { strings, dates, drafts } = useParley();
  const userId = useMyId();
  const draft = useSelected(drafts.of(channel.id), ({ text }) => text.trim());
  const { title, image, seed, peer } = channelTitle(channel, userId, strings);
  const at = channel.lastMessage?.createdAt ?? channel.data.lastMessageAt;
  return (
    <button
      type="button"
      {...rest}
      className={classNames('parley parley-channel-list-item', className)}
      aria-current={selected}
      data-unread={channel.unreadCount > 0}
      onClick={() => onSelect?.(channel.id)}
    >
      <Avatar name={title} image={image} seed={seed} size="large" presenceOf={peer?.id} />
      <span className="parley-item-words">
        <span className="parley-item-line">
          <span className="parley-item-title" dir="auto">
            {title}
          </span>
          {at !== null && (
            <time className="parley-item-time" dateTime={at}>
              {dates.short(at, now, strings)}
            </time>
          )}
        </span>
        <span className="parley-item-line">
          <span className="parley-item-preview" data-draft={draft !== '' && !selected} dir="auto">
            {draft !== '' && !selected ? strings.draft(draft) : previewOf(channel, userId, strings)}
          </span>
          <UnreadBadge count={channel.unreadCount} mentions={channel.unreadMentions} />
        </span>
      </span>
    </button>
  );
}

function previewOf({ lastMessage, data }: ChannelSummary, userId: string | null, strings: Strings): string {
  if (lastMessage === null) return strings.noMessages;
  const text = summaryOf(lastMessage, strings);
  if (lastMessage.kind !== 'REGULAR' || lastMessage.deletedAt !== null) return text;
  if (lastMessage.user?.id === userId) return strings.preview(strings.you, text);
  return data.memberCount > 2 ? strings.preview(nameOf(lastMessage.user, strings), text) : text;
}
