import { ownValue } from '@parley/contracts';
import type { MessageView } from '@parley/sdk-js';
import { type KeyboardEvent, memo, type RefCallback, useMemo } from 'react';
import { useNow } from '../hooks/use-now.ts';
import { scrollWithin } from '../lib/scroll-within.ts';
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
  const readers = useMemo(() => (ofTwo ? null : readersByMessage(items, reads, userId)), [ofTwo, items, reads, userId]);
  const lastId = items.at(-1)?.id;

  return (
    <ol ref={listRef} className="parley-rows" onKeyDown={moveBetweenMessages}>
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
            readers={readers?.get(row.message.id) ?? nobody}
            reactions={reactions}
            tabStop={row.message.id === lastId}
            highlighted={row.message.id === highlightedId}
            onJump={onJump}
          />
        );
      })}
    </ol>
  );
});

const selector = 'li.parley-message';

function moveBetweenMessages(event: KeyboardEvent<HTMLOListElement>): void {
  const { target } = event;
  if (!(target instanceof HTMLElement) || !target.matches(selector)) return;
  const all = event.currentTarget.querySelectorAll<HTMLElement>(selector);
  const at = [...all].indexOf(target);
  const next = ownValue({ ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }, event.key);
  if (next === undefined) return;
  event.preventDefault();
  const row = all[Math.max(0, Math.min(next, all.length - 1))];
  row?.focus({ preventScroll: true });
  const scroller = row?.closest('.parley-scroller');
  if (row !== undefined && scroller != null) scrollWithin(scroller, row, 'nearest');
}
