import type { Message } from '@parley/contracts';
import type { OutboxEntry, ReactEntry, UnreactEntry } from './outbox-entry.ts';

/** An entry that waits. */
export interface Waiting {
  readonly entry: OutboxEntry;
  /** It was tried, so the server may have it. */
  readonly tried: boolean;
  readonly failed: boolean;
}

/** What becomes of the entries of a message when the viewer does something else with it. */
export interface Superseding<Item> {
  /** Their work is done by the new entry; who waits for them waits for that. */
  readonly joined: readonly Item[];
  /** They are pointless now. */
  readonly dropped: readonly Item[];
  /** What is left to do; null: nothing, the server has none of it. */
  readonly entry: OutboxEntry | null;
}

/** `items` are the entries of the same message that are not under way; `underWay` is the one that is, of any message; `known` the message as the server has it. */
export function supersede<Item extends Waiting>(
  entry: OutboxEntry,
  items: readonly Item[],
  underWay: OutboxEntry | undefined,
  known: Message | undefined,
): Superseding<Item> {
  if (entry.kind === 'delete') {
    const joined = items.filter((item) => item.entry.kind === 'delete');
    const hard = entry.hard || joined.some((item) => item.entry.kind === 'delete' && item.entry.hard);
    // A message that may be on the server has to get there before it can be deleted.
    const isAhead = (item: Item): boolean => item.entry.kind === 'send' && item.tried && !item.failed;
    const dropped = items.filter((item) => item.entry.kind !== 'delete' && !isAhead(item));
    const unsent = dropped.some((item) => item.entry.kind === 'send');
    return { joined, dropped, entry: unsent ? null : { ...entry, hard } };
  }
  if (entry.kind === 'edit') {
    const joined = items.filter((item) => item.entry.kind === 'edit');
    // Fields that are omitted stay as the earlier edit has them.
    const inputs = joined.map((item) => (item.entry.kind === 'edit' ? item.entry.input : {}));
    const dropped = items.filter((item) => item.entry.kind === 'delete' && item.failed);
    return { joined, dropped, entry: { ...entry, input: Object.assign({}, ...inputs, entry.input) } };
  }
  if (entry.kind === 'send') return { joined: [], dropped: [], entry };
  // An exclusive one does more than another reaction of its type would undo.
  const joined = items.filter(
    (item) => isReaction(item.entry) && item.entry.type === entry.type && !isExclusive(item.entry),
  );
  const others = items.some((item) => isReaction(item.entry) && !joined.includes(item));
  const reacts = underWay?.messageId === entry.messageId && isReaction(underWay);
  const untouched = joined.every(({ tried }) => !tried) && !others && !reacts;
  const nothingLeft = joined.length > 0 && untouched && known !== undefined && isDone(entry, known);
  return { joined, dropped: [], entry: nothingLeft ? null : entry };
}

const isReaction = (entry: OutboxEntry): entry is ReactEntry | UnreactEntry =>
  entry.kind === 'react' || entry.kind === 'unreact';
const isExclusive = (entry: OutboxEntry): boolean => entry.kind === 'react' && entry.exclusive;

function isDone(entry: ReactEntry | UnreactEntry, { ownReactions }: Message): boolean {
  if (ownReactions === null) return false;
  const own = ownReactions.find(({ type }) => type === entry.type);
  return entry.kind === 'react' ? !entry.exclusive && own?.score === entry.score : own === undefined;
}
