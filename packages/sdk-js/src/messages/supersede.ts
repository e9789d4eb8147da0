import type { Message, Reaction } from '@parley/contracts';
import type { EditInput } from './message-view.ts';
import type { OutboxItem } from './outbox.ts';
import type { OutboxEntry, ReactEntry, UnreactEntry } from './outbox-entry.ts';

/** What becomes of the entries of a message when the viewer does something else with it. */
export interface Superseding {
  /** Their work is done by the new entry; who waits for them waits for that. */
  readonly joined: readonly OutboxItem[];
  /** They are pointless now. */
  readonly dropped: readonly OutboxItem[];
  /** What is left to do; null: nothing, the server has none of it. */
  readonly entry: OutboxEntry | null;
}

/** `items` are the entries of the same message that are not under way; `underWay` is the one that is, of any message; `known` the message as it is known. */
export function supersede(
  entry: OutboxEntry,
  items: readonly OutboxItem[],
  underWay: OutboxEntry | undefined,
  known: Message | undefined,
): Superseding {
  const joined: OutboxItem[] = [];
  const dropped: OutboxItem[] = [];
  let left: OutboxEntry | null = entry;
  if (entry.kind === 'delete') {
    for (const item of items) {
      const other = item.entry;
      if (other.kind === 'delete') {
        joined.push(item);
        if (left !== null && other.hard) left = { ...entry, hard: true };
        // What may be on the server has to get there before it can be deleted.
      } else if (other.kind !== 'send' || !item.tried || item.error !== null) {
        dropped.push(item);
        if (other.kind === 'send') left = null;
      }
    }
  } else if (entry.kind === 'edit') {
    let input: EditInput = {};
    for (const item of items) {
      const other = item.entry;
      if (other.kind === 'edit') {
        joined.push(item);
        // Fields that are omitted stay as the earlier edit has them.
        input = { ...input, ...other.input };
      } else if (other.kind === 'delete' && item.error !== null) dropped.push(item);
    }
    left = { ...entry, input: { ...input, ...entry.input } };
  } else if (entry.kind !== 'send') {
    // Of a reaction that the server may have, nothing can be known before it is asked.
    let untouched = underWay?.messageId !== entry.messageId;
    for (const item of items) {
      const other = item.entry;
      if (!('type' in other)) continue;
      // An exclusive one does more than another reaction of its type would undo.
      const joins = other.type === entry.type && !('exclusive' in other && other.exclusive);
      if (joins) joined.push(item);
      untouched &&= joins && !item.tried;
    }
    if (joined.length > 0 && untouched && known?.ownReactions && isDone(entry, known.ownReactions)) left = null;
  }
  return { joined, dropped, entry: left };
}

function isDone(entry: ReactEntry | UnreactEntry, reactions: readonly Reaction[]): boolean {
  const own = reactions.find(({ type }) => type === entry.type);
  return entry.kind === 'react' ? !entry.exclusive && own?.score === entry.score : own === undefined;
}
