import {
  type ComponentPropsWithoutRef,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useBrowserLayoutEffect } from '../hooks/use-browser-layout-effect.ts';
import { useChannel } from '../hooks/use-channel.ts';
import { useEndAnchoredScroll } from '../hooks/use-end-anchored-scroll.ts';
import { useJump } from '../hooks/use-jump.ts';
import { useMyId } from '../hooks/use-me.ts';
import { useMessages } from '../hooks/use-messages.ts';
import { useMore } from '../hooks/use-more.ts';
import { useReadMarker } from '../hooks/use-read-marker.ts';
import { useReads } from '../hooks/use-reads.ts';
import { useUnreadAbove } from '../hooks/use-unread-above.ts';
import { classNames } from '../lib/class-names.ts';
import { scrollWithin } from '../lib/scroll-within.ts';
import { useStrings } from '../provider/parley-context.ts';
import { timelineOf } from '../timeline/timeline.ts';
import { Announcer } from './announcer.tsx';
import { FaultBoundary } from './fault-boundary.tsx';
import { FaultNotice } from './fault-notice.tsx';
import { JumpNote } from './jump-note.tsx';
import { JumpToLatest } from './jump-to-latest.tsx';
import { JumpToUnread } from './jump-to-unread.tsx';
import { MessageListState } from './message-list-state.tsx';
import { MoreFailed } from './more-failed.tsx';
import { defaultReactions } from './reaction-glyph.tsx';
import { TimelineRows } from './timeline-rows.tsx';
import { TypingIndicator } from './typing-indicator.tsx';

export interface MessageListProps extends Omit<ComponentPropsWithoutRef<'div'>, 'children'> {
  /** Reactions that are offered; default: {@link defaultReactions}. Keep the array stable between renders. */
  readonly reactions?: readonly string[] | undefined;
  /** Id of a message to bring into view and highlight, as of a search hit or a link; another id brings another one. */
  readonly targetId?: string | undefined;
}

/**
 * The conversation: grouped messages, days, what is new. Opens at the first unread message, stays at the end while one is there, keeps its place
 * otherwise, and loads more messages as one nears either end of the loaded ones.
 */
export function MessageList(props: MessageListProps) {
  const strings = useStrings();
  const { channel } = useChannel();
  return (
    <FaultBoundary
      key={channel.id}
      part="conversation"
      id={channel.id}
      content={channel.id}
      fallback={(retry) => (
        <div className={classNames('parley parley-message-list parley-faulty', props.className)}>
          <FaultNotice title={strings.conversationNotShown} onRetry={retry} />
        </div>
      )}
    >
      <ListOfOne {...props} />
    </FaultBoundary>
  );
}

function ListOfOne({ reactions = defaultReactions, targetId, className, ...rest }: MessageListProps) {
  const strings = useStrings();
  const userId = useMyId();
  const channel = useChannel();
  const messages = useMessages();
  const reads = useReads();
  const { items, hasOlder, hasNewer, jumpToNewest } = messages;
  const [atEnd, setAtEnd] = useState(true);
  const [returning, setReturning] = useState(false);
  const [list, setList] = useState<HTMLOListElement | null>(null);
  const { newAfterSeq, fromOpening, forget: forgetNew } = useReadMarker(list, atEnd);
  const rows = useMemo(
    () => timelineOf(items, { userId, newAfterSeq, hasOlder }),
    [items, userId, newAfterSeq, hasOlder],
  );
  const older = useMore(hasOlder, messages.loadingOlder, messages.loadOlder);
  const newer = useMore(hasNewer, messages.loadingNewer, messages.loadNewer);
  const { scrollerRef, setContent, onScroll, keepPlace, scrollToEnd } = useEndAnchoredScroll({
    rows,
    hasNewer,
    onNearStart: older.loadOnce,
    onNearEnd: newer.loadOnce,
    onAtEnd: setAtEnd,
  });
  const listRef = useCallback(
    (element: HTMLOListElement | null) => {
      setContent(element);
      setList(element);
    },
    [setContent],
  );
  const { highlightedId, jumpState, jumpTo, cancelJump } = useJump(scrollerRef, messages, keepPlace);

  useTarget(targetId, channel.status === 'live', jumpTo);
  const hasNew = fromOpening && rows.some(({ kind }) => kind === 'new');
  useStartAtNew({ hasNew, hasNewer, scrollerRef, onMoved: keepPlace });
  const { messageId: unreadAbove, forget: forgetUnreadAbove } = useUnreadAbove(scrollerRef, rows);
  const sendingId = items.findLast(({ status }) => status === 'sending')?.id;
  const { fail } = newer;
  const wasOpen = useRef(false);
  useEffect(() => {
    // What waits since before the channel was open was not written just now.
    if (sendingId === undefined || !wasOpen.current) return;
    cancelJump();
    forgetNew();
    forgetUnreadAbove();
    scrollToEnd();
    jumpToNewest().catch(fail);
  }, [sendingId, cancelJump, forgetNew, forgetUnreadAbove, scrollToEnd, jumpToNewest, fail]);
  useEffect(() => {
    if (channel.status === 'live') wasOpen.current = true;
  }, [channel.status]);

  const returnToEnd = () => {
    cancelJump();
    if (!hasNewer) return scrollToEnd('smooth');
    setReturning(true);
    jumpToNewest()
      .then(() => scrollToEnd(), fail)
      .finally(() => setReturning(false));
  };

  return (
    <div {...rest} className={classNames('parley parley-message-list', className)}>
      <section
        ref={scrollerRef}
        className="parley-scroller"
        aria-label={strings.messages}
        aria-busy={messages.loadingOlder || messages.loadingNewer}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        {items.length === 0 ? (
          <MessageListState channel={channel} />
        ) : (
          <div className="parley-timeline">
            {messages.loadingOlder && (
              <span className="parley-spinner parley-older" role="status" aria-label={strings.loading} />
            )}
            {older.failed && <MoreFailed words={strings.olderFailed} onRetry={older.load} />}
            <TimelineRows
              listRef={listRef}
              rows={rows}
              items={items}
              reads={reads}
              userId={userId}
              memberCount={channel.data?.memberCount ?? 0}
              reactions={reactions}
              highlightedId={highlightedId}
              onJump={jumpTo}
            />
            {newer.failed && <MoreFailed words={strings.newerFailed} onRetry={newer.load} />}
            <TypingIndicator />
          </div>
        )}
      </section>
      <Announcer />
      {unreadAbove !== null && (
        <JumpToUnread
          onJump={() => {
            forgetUnreadAbove();
            jumpTo(unreadAbove);
          }}
        />
      )}
      <JumpNote state={jumpState} />
      {!atEnd && <JumpToLatest onJump={returnToEnd} busy={returning || messages.loadingNewer} />}
    </div>
  );
}

/** Jumps to a message once the channel is open; once for each. */
function useTarget(targetId: string | undefined, isOpen: boolean, jumpTo: (messageId: string) => void): void {
  const reached = useRef<string>(undefined);
  useEffect(() => {
    if (!isOpen || targetId === reached.current) return;
    reached.current = targetId;
    if (targetId !== undefined) jumpTo(targetId);
  }, [targetId, isOpen, jumpTo]);
}

/** In CSS pixels: a little of what was read shows that it goes on there. */
const airAboveNew = 24;

interface StartAtNewOptions {
  readonly hasNew: boolean;
  readonly hasNewer: boolean;
  readonly scrollerRef: RefObject<HTMLDivElement | null>;
  readonly onMoved: () => void;
}

/** Begins at the first unread message, unless what comes after it fits on the screen. Once: later ones must not pull the reader away. */
function useStartAtNew({ hasNew, hasNewer, scrollerRef, onMoved }: StartAtNewOptions): void {
  const done = useRef(false);
  useBrowserLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (done.current || !hasNew || scroller === null) return;
    done.current = true;
    const divider = scroller.querySelector('[data-row="new"]');
    if (divider === null) return;
    const isInView = divider.getBoundingClientRect().top >= scroller.getBoundingClientRect().top;
    if (isInView && !hasNewer) return;
    scrollWithin(scroller, divider, 'start');
    scroller.scrollTop -= airAboveNew;
    onMoved();
  }, [hasNew, hasNewer, scrollerRef, onMoved]);
}
