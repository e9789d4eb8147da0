import type { MessageView } from '@parley/sdk-js';
import { localDay } from '../format/dates.ts';

/** What a message list shows, top to bottom. */
export type TimelineRow =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'new'; readonly key: string }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: MessageView;
      readonly own: boolean;
      /** First and last of a run by one author, each within a minute of the one before. */
      readonly startsGroup: boolean;
      readonly endsGroup: boolean;
    };

export interface TimelineOptions {
  readonly userId: string | null;
  /** The divider goes before the first message of others after this position, where that is loaded; null: no divider. */
  readonly newAfterSeq: number | null;
  /** Whether there are older messages than the items. */
  readonly hasOlder: boolean;
}

const groupGapMs = 60_000;

export function timelineOf(
  items: readonly MessageView[],
  { userId, newAfterSeq, hasOlder }: TimelineOptions,
): readonly TimelineRow[] {
  const rows: TimelineRow[] = [];
  let day = '';
  // Where the loaded part begins is not where the new part does.
  let divided = newAfterSeq === null || (hasOlder && (items[0]?.seq ?? 0) > newAfterSeq + 1);
  let openGroup: { readonly index: number; readonly message: MessageView } | null = null;

  const closeGroup = () => {
    if (openGroup === null) return;
    const row = rows[openGroup.index];
    if (row?.kind === 'message') rows[openGroup.index] = { ...row, endsGroup: true };
    openGroup = null;
  };

  for (const message of items) {
    const own = userId !== null && message.user?.id === userId;
    const itsDay = localDay(message.createdAt);
    if (itsDay !== day) {
      closeGroup();
      day = itsDay;
      rows.push({ kind: 'day', key: `day ${itsDay}`, at: message.createdAt });
    }
    if (!divided && !own && newAfterSeq !== null && message.status === 'sent' && message.seq > newAfterSeq) {
      closeGroup();
      divided = true;
      rows.push({ kind: 'new', key: 'new' });
    }
    const continues: boolean = openGroup !== null && sameGroup(openGroup.message, message);
    if (!continues) closeGroup();
    openGroup = { index: rows.length, message };
    rows.push({ kind: 'message', key: message.id, message, own, startsGroup: !continues, endsGroup: false });
  }
  closeGroup();
  return rows;
}

function sameGroup(before: MessageView, after: MessageView): boolean {
  return (
    before.kind === 'REGULAR' &&
    after.kind === 'REGULAR' &&
    before.user?.id === after.user?.id &&
    Math.abs(Date.parse(after.createdAt) - Date.parse(before.createdAt)) <= groupGapMs
  );
}
