import { ownValue } from '@parley/contracts';
import type { ChannelQuery } from '@parley/sdk-js';
import {
  type ComponentPropsWithoutRef,
  type KeyboardEvent,
  type ReactNode,
  type UIEvent,
  useEffect,
  useState,
} from 'react';
import { type UseChannelListResult, useChannelList } from '../hooks/use-channel-list.ts';
import { useNow } from '../hooks/use-now.ts';
import { classNames } from '../lib/class-names.ts';
import { useStrings } from '../provider/parley-context.ts';
import { reasonOf } from '../strings.ts';
import { ChannelListItem } from './channel-list-item.tsx';
import { Notice } from './notice.tsx';
import { ChannelListSkeleton } from './skeleton.tsx';

export interface ChannelListProps extends Omit<ComponentPropsWithoutRef<'nav'>, 'onSelect' | 'children'> {
  /** Which channels, in which order; default: all of the viewer's, the latest first. */
  readonly query?: ChannelQuery | undefined;
  readonly selectedId?: string | null | undefined;
  readonly onSelect?: ((channelId: string) => void) | undefined;
  /** Called with the list whenever it changes. Keep the function stable between renders. */
  readonly onList?: ((list: UseChannelListResult) => void) | undefined;
  /** Shown beneath the words when there is no conversation at all. */
  readonly whenEmpty?: ReactNode;
}

const nearEnd = 400;

/** The viewer's conversations, live. One Tab stop, which is the chosen one; arrow keys move between them. */
export function ChannelList({
  query,
  selectedId = null,
  onSelect,
  onList,
  whenEmpty,
  className,
  ...rest
}: ChannelListProps) {
  const strings = useStrings();
  const list = useChannelList(query);
  const now = useNow();
  const [moreFailed, setMoreFailed] = useState(false);
  useEffect(() => onList?.(list), [onList, list]);

  const loadMore = () => {
    setMoreFailed(false);
    list.loadMore().catch(() => setMoreFailed(true));
  };
  const onScroll = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: UIEvent<HTMLElement>) => {
    if (list.hasMore && !moreFailed && scrollHeight - scrollTop - clientHeight < nearEnd) loadMore();
  };
  const { status, items, error } = list;
  const tabStopId = items.some(({ id }) => id === selectedId) ? selectedId : items[0]?.id;
  return (
    <nav
      {...rest}
      className={classNames('parley parley-channel-list', className)}
      aria-label={strings.conversations}
      onScroll={onScroll}
    >
      {items.length === 0 && (status === 'idle' || status === 'loading') && <ChannelListSkeleton />}
      {items.length === 0 && status === 'failed' && (
        <Notice
          icon="warning"
          tone="fault"
          title={strings.conversationsFailed}
          detail={error === null ? undefined : reasonOf(error, strings)}
        >
          <button
            className="parley-button"
            data-kind="quiet"
            type="button"
            onClick={() => list.refresh().catch(() => undefined)}
          >
            {strings.retry}
          </button>
        </Notice>
      )}
      {items.length === 0 && status === 'ready' && (
        <Notice icon="chat" title={strings.noConversations} detail={strings.noConversationsHint}>
          {whenEmpty}
        </Notice>
      )}
      {items.length > 0 && (
        <ul className="parley-channel-items" onKeyDown={moveBetweenItems}>
          {items.map((channel) => (
            <li key={channel.id}>
              <ChannelListItem
                channel={channel}
                selected={channel.id === selectedId}
                now={now}
                tabIndex={channel.id === tabStopId ? 0 : -1}
                onSelect={onSelect}
              />
            </li>
          ))}
        </ul>
      )}
      {list.hasMore && items.length > 0 && (
        <button className="parley-link-button parley-more" type="button" onClick={loadMore}>
          {strings.loadMore}
        </button>
      )}
    </nav>
  );
}

function moveBetweenItems(event: KeyboardEvent<HTMLUListElement>): void {
  if (!(event.target instanceof HTMLButtonElement)) return;
  const all = [...event.currentTarget.querySelectorAll('button')];
  const at = all.indexOf(event.target);
  const next = ownValue({ ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }, event.key);
  if (next === undefined) return;
  event.preventDefault();
  all[Math.max(0, Math.min(next, all.length - 1))]?.focus();
}
