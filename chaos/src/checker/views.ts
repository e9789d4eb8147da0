import type { ChannelRows, ClientView, FinalState, HeldMessage, Violation } from './state.ts';
import { placeOf } from './state.ts';

/** What clients show and what the API answers is what the rows say, and unread numbers are what a recount gives. */
export function checkViews(state: FinalState): Violation[] {
  const rows = new Map(state.rows.map((channel) => [placeOf(channel), channel]));
  const found: Violation[] = [];
  for (const answer of state.answers) {
    const channel = rows.get(placeOf(answer));
    if (channel === undefined) continue;
    const whose = `the API's answer to ${answer.userId} about ${answer.channelId}`;
    found.push(...differences(whose, answer.messages, channel.messages));
    found.push(...checkNumbers(whose, answer, channel));
  }
  for (const view of state.clients) {
    const channel = rows.get(placeOf(view));
    if (channel !== undefined) found.push(...checkClient(view, channel));
  }
  return [...found, ...checkInboxes(state)];
}

function checkClient(view: ClientView, channel: ChannelRows): Violation[] {
  const whose = `the client of ${view.userId} on ${view.channelId}`;
  if (view.status !== 'live') return [{ breach: 'diverged', detail: `${whose} is ${view.status}` }];
  const expected = view.hasOlder ? channel.messages.slice(-view.messages.length) : channel.messages;
  const found = differences(whose, view.messages, expected);
  for (const [userId, { readSeq }] of channel.members) {
    // A pointer that never moved is published to nobody.
    const shown = view.reads.get(userId) ?? 0;
    if (shown !== readSeq)
      found.push({
        breach: 'diverged',
        detail: `${whose} shows that ${userId} has read to ${shown}, it is ${readSeq}`,
      });
  }
  return [...found, ...checkNumbers(whose, view, channel)];
}

function checkNumbers(
  whose: string,
  { userId, readSeq, unread }: { readonly userId: string; readonly readSeq: number; readonly unread: number },
  channel: ChannelRows,
): Violation[] {
  const member = channel.members.get(userId);
  if (member === undefined) return [];
  const found: Violation[] = [];
  if (readSeq !== member.readSeq)
    found.push({ breach: 'diverged', detail: `${whose}: read to ${readSeq}, the row says ${member.readSeq}` });
  if (unread !== member.unread)
    found.push({ breach: 'unread', detail: `${whose}: ${unread} unread, a recount gives ${member.unread}` });
  return found;
}

function checkInboxes(state: FinalState): Violation[] {
  const found: Violation[] = [];
  for (const inbox of state.inboxes) {
    const unread = state.rows
      .filter(({ appId }) => appId === inbox.appId)
      .map(({ members }) => members.get(inbox.userId)?.unread ?? 0);
    const total = unread.reduce((sum, count) => sum + count, 0);
    const channels = unread.filter((count) => count > 0).length;
    if (inbox.totalUnread !== total || inbox.unreadChannels !== channels)
      found.push({
        breach: 'unread',
        detail: `the inbox of ${inbox.userId} says ${inbox.totalUnread} in ${inbox.unreadChannels}, a recount gives ${total} in ${channels}`,
      });
  }
  return found;
}

/** The first difference is enough to say that two lists are not the same. */
function differences(whose: string, held: readonly HeldMessage[], expected: readonly HeldMessage[]): Violation[] {
  for (let at = 0; at < Math.max(held.length, expected.length); at += 1) {
    const has = textOf(held[at]);
    const should = textOf(expected[at]);
    if (has !== should) return [{ breach: 'diverged', detail: `${whose} has ${has} where the rows have ${should}` }];
  }
  return [];
}

function textOf(message: HeldMessage | undefined): string {
  if (message === undefined) return 'nothing';
  const { seq, id, text, deleted, reactions } = message;
  return `${seq} ${id} ${deleted ? 'deleted' : `"${text}"`} [${reactions.join(' ')}]`;
}
