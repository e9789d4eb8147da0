import type { History, Send } from '../history.ts';
import { type ChannelRows, type FinalState, placeOf, type Violation } from './state.ts';

/** Every acknowledged send is in the rows and in what the API answers, once, where the acknowledgement said. */
export function checkSends(history: History, state: FinalState): Violation[] {
  const rows = new Map(state.rows.map((channel) => [placeOf(channel), channel]));
  return [
    ...history.sends.flatMap((send) => checkOne(send, rows.get(placeOf(send)))),
    ...state.answers.flatMap((answer) => {
      const readable = new Map(answer.messages.map((message) => [message.id, message.seq]));
      return acknowledged(history, answer)
        .filter(({ messageId, seq }) => readable.get(messageId) !== seq)
        .map((send) => lost(send, `the API answers ${answer.userId} without it`));
    }),
    ...state.rows.flatMap((channel) => checkRows(channel, history)),
  ];
}

const acknowledged = (history: History, place: { readonly appId: string; readonly channelId: string }): Send[] =>
  history.sends.filter((send) => send.outcome === 'ok' && placeOf(send) === placeOf(place));

const lost = (send: Send, why: string): Violation => ({
  breach: 'lost',
  detail: `${send.channelId} seq ${send.seq}, "${send.text}": ${why}`,
});

function checkOne(send: Send, channel: ChannelRows | undefined): Violation[] {
  const row = channel?.messages.find(({ id }) => id === send.messageId);
  const created = channel?.events.filter(
    ({ type, messageId }) => type === 'MessageCreated' && messageId === send.messageId,
  );
  const events = created ?? [];
  if (send.outcome === 'fail') {
    if (row === undefined && events.length === 0) return [];
    return [
      { breach: 'phantom', detail: `${send.channelId}: "${send.text}" was refused with ${send.code} and is there` },
    ];
  }
  if (events.length > 1) {
    const seqs = events.map(({ seq }) => seq).join(', ');
    return [
      {
        breach: 'duplicated',
        detail: `${send.channelId}: "${send.text}" is in the log ${events.length} times (${seqs})`,
      },
    ];
  }
  if (send.outcome === 'unknown') {
    // Either is right, but not the half of it.
    if ((row === undefined) === (events.length === 0)) return [];
    return [
      { breach: 'lost', detail: `${send.channelId}: "${send.text}" is only half there (row or event is missing)` },
    ];
  }
  if (row === undefined) return [lost(send, 'there is no row')];
  const [event] = events;
  if (event === undefined) return [lost(send, 'there is no event')];
  if (row.seq === send.seq && event.seq === send.seq) return [];
  return [lost(send, `the acknowledgement said ${send.seq}, the row ${row.seq}, the log ${event.seq}`)];
}

/** The log has no hole, a text is in one row only, and nothing is there that nobody sent. */
function checkRows(channel: ChannelRows, history: History): Violation[] {
  const found: Violation[] = [];
  channel.events.forEach(({ seq }, index) => {
    if (seq === index + 1) return;
    found.push({ breach: 'reordered', detail: `${channel.channelId}: the log has ${seq} at place ${index + 1}` });
  });
  if (channel.head !== channel.events.length)
    found.push({
      breach: 'lost',
      detail: `${channel.channelId}: head ${channel.head}, events ${channel.events.length}`,
    });
  const sent = new Map(
    history.sends.filter((send) => placeOf(send) === placeOf(channel)).map((send) => [send.messageId, send]),
  );
  const texts = new Map<string, string>();
  for (const message of channel.messages) {
    if (!sent.has(message.id)) {
      const elsewhere = history.sends.some(({ messageId }) => messageId === message.id);
      const breach = elsewhere ? 'crossed' : 'phantom';
      found.push({ breach, detail: `${channel.channelId}: message ${message.id} was never sent there` });
    }
    const twin = message.deleted ? undefined : texts.get(message.text);
    if (twin !== undefined)
      found.push({
        breach: 'duplicated',
        detail: `${channel.channelId}: "${message.text}" is in rows ${twin} and ${message.id}`,
      });
    texts.set(message.text, message.id);
  }
  return found;
}
