import type { Change, History, MarkRead } from '../history.ts';
import { type FinalState, placeOf, type Violation } from './state.ts';

/** The last acknowledged change of a message is what it is now, and no read pointer is behind what was acknowledged. */
export function checkChanges(history: History, state: FinalState): Violation[] {
  const rows = new Map(state.rows.map((channel) => [placeOf(channel), channel]));
  const messages = new Map(state.rows.flatMap((channel) => channel.messages.map((message) => [message.id, message])));
  const found: Violation[] = [];

  for (const change of lastOf(history.changes)) {
    const message = messages.get(change.messageId);
    if (message === undefined || change.outcome !== 'ok') continue;
    const applied =
      (change.kind === 'edit' && message.text === change.value) ||
      (change.kind === 'delete' && message.deleted) ||
      (change.kind === 'react' && message.reactions.some((group) => group.startsWith(`${change.value}×`))) ||
      change.kind === 'unreact';
    // A deletion takes text and reactions with it.
    if (!applied && !message.deleted)
      found.push({
        breach: 'lost',
        detail: `${change.channelId}: an acknowledged ${change.kind} of ${message.id} is not there`,
      });
  }
  for (const read of history.reads.filter(({ outcome }) => outcome === 'ok')) {
    const pointer = rows.get(placeOf(read))?.members.get(read.userId)?.readSeq ?? 0;
    if (pointer < read.seq) found.push(lostRead(read, pointer));
  }
  return found;
}

const lostRead = (read: MarkRead, pointer: number): Violation => ({
  breach: 'lost',
  detail: `${read.channelId}: ${read.userId} was told to have read to ${read.seq}, the row says ${pointer}`,
});

/** Of each message and kind of change the last one, unless its outcome, or that of a later one, is open. */
function lastOf(changes: readonly Change[]): Change[] {
  const last = new Map<string, Change>();
  for (const change of changes) {
    const kind = change.kind === 'unreact' ? 'react' : change.kind;
    if (change.outcome !== 'fail')
      last.set(`${change.messageId} ${kind} ${kind === 'react' ? change.value : ''}`, change);
  }
  return [...last.values()];
}
