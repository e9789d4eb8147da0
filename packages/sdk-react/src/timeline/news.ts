import type { MessageView } from '@parley/sdk-js';
import { summaryOf } from '../parts/quoted-message.tsx';
import { nameOf, type Strings } from '../strings.ts';

/** What has happened in a conversation since something was last said of it. */
export interface News {
  /** Of others. */
  readonly messages: readonly MessageView[];
  /** Own messages that could not be sent, and ones of which an edit or a deletion was refused. */
  readonly failed: readonly MessageView[];
  readonly sent: boolean;
  /** Names of those who go on typing. */
  readonly typing: readonly string[];
}

export const noNews: News = { messages: [], failed: [], sent: false, typing: [] };

/** Up to which position of the log messages were told of, and how each loaded one stood. */
export interface Known {
  readonly seq: number;
  readonly messages: ReadonlyMap<string, MessageView>;
}

export const knownOf = (items: readonly MessageView[], seq: number): Known => ({
  seq: items.reduce((newest, item) => Math.max(newest, item.seq), seq),
  messages: new Map(items.map((item) => [item.id, item])),
});

/** What is new in these messages: not what was merely loaded. */
export function newsOf(before: Known, items: readonly MessageView[], userId: string | null): Omit<News, 'typing'> {
  const changed = items.filter((item) => before.messages.get(item.id) !== item);
  return {
    messages: changed.filter(
      ({ seq, status, kind, user, deletedAt }) =>
        seq > before.seq && status === 'sent' && kind === 'REGULAR' && deletedAt === null && user?.id !== userId,
    ),
    failed: changed.filter((item) => hasFailed(item) && !hasFailed(before.messages.get(item.id))),
    sent: changed.some(({ id, status }) => status === 'sent' && before.messages.get(id)?.status === 'sending'),
  };
}

const hasFailed = (item: MessageView | undefined): boolean =>
  item !== undefined && (item.status === 'failed' || item.error !== null);

const mostReadOut = 2;
const mostCharacters = 200;

/** The news in words: the most important first, many messages as their number, and the rest only where there is nothing more to say. */
export function newsInWords({ messages, failed, sent, typing }: News, strings: Strings): string {
  const sentences = failed.map((item) => strings.preview(whyFailed(item, strings), read(item, strings)));
  if (messages.length > mostReadOut) sentences.push(strings.newMessageCount(messages.length));
  else for (const item of messages) sentences.push(strings.preview(nameOf(item.user, strings), read(item, strings)));
  if (sentences.length === 0 && sent) sentences.push(strings.sent);
  if (sentences.length === 0 && typing.length > 0) sentences.push(strings.typing(typing));
  return sentences.join('\n');
}

/** What was not done with a message: it was not sent, or a change to it was refused. */
export function whyFailed({ status, failedEdit }: MessageView, strings: Strings): string {
  if (status === 'failed') return strings.notSent;
  return failedEdit === null ? strings.notDeleted : strings.notEdited;
}

function read(item: MessageView, strings: Strings): string {
  const words = summaryOf(item, strings);
  return words.length > mostCharacters ? `${words.slice(0, mostCharacters)}…` : words;
}
