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
import { useReadMarker } from '../hooks/use-read-marker.ts';
import { useReads } from '../hooks/use-reads.ts';
import { classNames } from '../lib/class-names.ts';
import { scrollWithin } from '../lib/scroll-within.ts';
import { useStrings } from '../provider/parley-context.ts';
import { timelineOf } from '../timeline/timeline.ts';
import { FaultBoundary } from './fault-boundary.tsx';
import { FaultNotice } from './fault-notice.tsx';
import { JumpToLatest } from './jump-to-latest.tsx';
import { MessageListState } from './message-list-state.tsx';
import { defaultReactions } from './reaction-glyph.tsx';
import { TimelineRows } from './timeline-rows.tsx';
import { TypingIndicator } from './typing-indicator.tsx';

export interface MessageListProps extends Omit<ComponentPropsWithoutRef<'div'>, 'children'> {
  /** Reactions that are offered; default: {@link defaultReactions}. Keep the array stable between renders. */
  readonly reactions?: readonly string[] | undefined;
}

/**
 * The conversation: grouped messages, days, what is new. Stays at the end while one is there, keeps its place otherwise, and loads older
 * messages as one nears the start.
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

function ListOfOne({ reactions = defaultReactions, className, ...rest }: MessageListProps) {
  const strings = useStrings();
  const userId = useMyId();
  const channel = useChannel();
  const messages = useMessages();
  const reads = useReads();
  const { items, hasOlder, loadingOlder, loadOlder } = messages;
  const [olderFailed, setOlderFailed] = useState(false);
  const [atEnd, setAtEnd] = useState(true);
  const [list, setList] = useState<HTMLOListElement | null>(null);
  const { newAfterSeq, fromOpening } = useReadMarker(list, atEnd);
  const rows = useMemo(() => timelineOf(items, { userId, newAfterSeq }), [items, userId, newAfterSeq]);

  const loadOlderNow = useCallback(() => {
    setOlderFailed(false);
    loadOlder().catch(() => setOlderFailed(true));
  }, [loadOlder]);
  const onNearStart = useCallback(() => {
    if (hasOlder && !loadingOlder && !olderFailed) loadOlderNow();
  }, [hasOlder, loadingOlder, olderFailed, loadOlderNow]);
  const { scrollerRef, setContent, onScroll, scrollToEnd } = useEndAnchoredScroll({
    rows,
    onNearStart,
    onAtEnd: setAtEnd,
  });
  const listRef = useCallback(
    (element: HTMLOListElement | null) => {
      setContent(element);
      setList(element);
    },
    [setContent],
  );
  const { highlightedId, jumpTo } = useJump(scrollerRef, messages);

  useStartAtNew(fromOpening && rows.some(({ kind }) => kind === 'new'), scrollerRef, onScroll);
  const sendingId = items.findLast(({ status }) => status === 'sending')?.id;
  useEffect(() => {
    if (sendingId !== undefined) scrollToEnd();
  }, [sendingId, scrollToEnd]);

  return (
    <div {...rest} className={classNames('parley parley-message-list', className)}>
      <div
        ref={scrollerRef}
        className="parley-scroller"
        role="log"
        aria-label={strings.messages}
        aria-busy={loadingOlder}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        {items.length === 0 ? (
          <MessageListState channel={channel} />
        ) : (
          <div className="parley-timeline">
            {loadingOlder && (
              <span className="parley-spinner parley-older" role="status" aria-label={strings.loading} />
            )}
            {olderFailed && (
              <p className="parley-older" role="alert">
                {strings.olderFailed}{' '}
                <button className="parley-link-button" type="button" onClick={loadOlderNow}>
                  {strings.retry}
                </button>
              </p>
            )}
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
            <TypingIndicator />
          </div>
        )}
      </div>
      {!atEnd && <JumpToLatest onJump={() => scrollToEnd('smooth')} />}
    </div>
  );
}

/** Begins at the first unread message when that is further up than one screen. Once: later ones must not pull the reader away. */
function useStartAtNew(hasNew: boolean, scroller: RefObject<HTMLDivElement | null>, onMoved: () => void): void {
  const done = useRef(false);
  useBrowserLayoutEffect(() => {
    if (done.current || !hasNew || scroller.current === null) return;
    done.current = true;
    const divider = scroller.current.querySelector('[data-row="new"]');
    if (divider === null || divider.getBoundingClientRect().top >= scroller.current.getBoundingClientRect().top) return;
    scrollWithin(scroller.current, divider, 'start');
    onMoved();
  }, [hasNew, scroller, onMoved]);
}
