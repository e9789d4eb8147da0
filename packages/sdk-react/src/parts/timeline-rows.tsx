import type { MessageView } from '@parley/sdk-js';
import { memo, type RefCallback, useCallback, useMemo, useRef } from 'react';
import { useNow } from '../hooks/use-now.ts';
import { useRovingFocus } from '../hooks/use-roving-focus.ts';
import { useStableLists } from '../hooks/use-stable-lists.ts';
import { useParley } from '../provider/parley-context.ts';
import { furthestRead, readersByMessage, receiptOf } from '../timeline/receipts.ts';
import type { TimelineRow } from '../timeline/timeline.ts';
import { Message } from './message.tsx';

export interface TimelineRowsProps {
  readonly listRef: RefCallback<HTMLOListElement>;
  readonly rows: readonly TimelineRow[];
  readonly items: readonly MessageView[];
  readonly reads: ReadonlyMap<string, number>;
  readonly userId: string | null;
  readonly memberCount: number;
  readonly reactions: readonly string[];
  readonly highlightedId: string | null;
  readonly onJump: (messageId: string) => void;
}

const nobody: readonly string[] = [];
const noReaders: ReadonlyMap<string, readonly string[]> = new Map();

/** By a slow clock it is still yesterday when a message of today arrives, and both days would be called today. */
const notBefore = (now: Date, newest: string | undefined): Date =>
  newest !== undefined && Date.parse(newest) > now.getTime() ? new Date(newest) : now;

/** The rows of a message list. One Tab stop; arrow keys, Home and End move between messages. */
export const TimelineRows = memo(function TimelineRows(props: TimelineRowsProps) {
  const { listRef, rows, items, reads, userId, memberCount, reactions, highlightedId, onJump } = props;
  const { strings, dates } = useParley();
  const now = notBefore(useNow(), items.at(-1)?.createdAt);
  const furthest = useMemo(() => furthestRead(reads, userId), [reads, userId]);
  const ofTwo = memberCount <= 2;
  // In a conversation of two the ticks say it all.
  const readers = useStableLists(
    useMemo(() => (ofTwo ? noReaders : readersByMessage(items, reads, userId)), [ofTwo, items, reads, userId]),
  );
  const list = useRef<HTMLOListElement>(null);
  const setList = useCallback(
    (element: HTMLOListElement | null) => {
      list.current = element;
      listRef(element);
    },
    [listRef],
  );
  const focus = useRovingFocus(list, 'li.parley-message');

  return (
    <ol ref={setList} className="parley-rows" {...focus}>
      {rows.map((row) => {
        if (row.kind === 'day') {
          return (
            <li key={row.key} className="parley-day">
              <time dateTime={row.at}>{dates.dayLabel(row.at, now, strings)}</time>
            </li>
          );
        }
        if (row.kind === 'new') {
          return (
            <li key={row.key} className="parley-new" data-row="new">
              <span>{strings.newMessages}</span>
            </li>
          );
        }
        if (row.message.kind !== 'REGULAR') {
          return (
            <li key={row.key} className="parley-system" dir="auto">
              {row.message.text}
            </li>
          );
        }
        return (
          <Message
            key={row.key}
            message={row.message}
            own={row.own}
            startsGroup={row.startsGroup}
            endsGroup={row.endsGroup}
            showsName={!ofTwo}
            receipt={receiptOf(row.message, furthest)}
            readers={readers.get(row.message.id) ?? nobody}
            reactions={reactions}
            highlighted={row.message.id === highlightedId}
            onJump={onJump}
          />
        );
      })}
    </ol>
  );
});
