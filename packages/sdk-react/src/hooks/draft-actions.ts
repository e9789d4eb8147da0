import { isBlank } from '@parley/contracts';
import * as limits from '@parley/contracts/client-limits';
import type { Channel, MessageView } from '@parley/sdk-js';
import { isOneTooMany } from '../lib/is-one-too-many.ts';
import type { Value } from '../lib/value.ts';
import { type Draft, withEdit } from '../provider/drafts.ts';

/** What is written in a channel, and where it goes. Actions look at it when they are taken, so that several in one event see each other. */
export interface Writing {
  readonly channel: Channel;
  readonly draft: Value<Draft>;
}

/** Characters left; negative when the text is too long. */
export const remainingOf = (text: string): number => limits.messageText - text.length;
export const isSendable = (text: string): boolean => !isBlank(text) && remainingOf(text) >= 0;

export function writeMessage({ channel, draft }: Writing, text: string): void {
  draft.set({ ...draft.get(), text });
  if (isBlank(text)) channel.stopTyping();
  else channel.keystroke();
}

export function sendDraft({ channel, draft }: Writing): void {
  const { text, quoting } = draft.get();
  if (!isSendable(text)) return;
  // An edit that is open in the list goes on.
  draft.set({ ...draft.get(), text: '', quoting: null });
  const words = text.trim();
  const sent = channel.send(quoting === null ? words : { text: words, quotedId: quoting.id });
  sent.catch((error: unknown) => {
    // The message in the list says that it failed, and why; but one too many is not in the list.
    if (!isOneTooMany(error)) return;
    const now = draft.get();
    draft.set({ ...now, text: now.text === '' ? words : `${words}\n${now.text}`, quoting: now.quoting ?? quoting });
  });
}

/** The text of an edit: what was typed for it, else what the server refused last, else that of the message. */
export const textOfEdit = (begun: string | undefined, message: MessageView | undefined): string =>
  begun ?? message?.failedEdit?.text ?? message?.text ?? '';

export const writeEdit = ({ draft }: Writing, messageId: string, text: string): void =>
  draft.set(withEdit(draft.get(), messageId, text));

/** Gives up the edit and its text. */
export function endEdit({ draft }: Writing, messageId: string): void {
  const now = draft.get();
  const editingId = now.editingId === messageId ? null : now.editingId;
  draft.set({ ...withEdit(now, messageId, null), editingId });
}

export function saveEdit(writing: Writing, messageId: string): void {
  const { channel, draft } = writing;
  const message = channel.messages.get().items.find(({ id }) => id === messageId);
  const text = textOfEdit(draft.get().edits.get(messageId), message);
  if (!isSendable(text)) return;
  endEdit(writing, messageId);
  if (text.trim() === message?.text) return;
  channel.edit(messageId, text.trim()).catch((error: unknown) => {
    // The message in the list says that it was refused, and keeps the words; but not those of one edit too many.
    if (isOneTooMany(error)) draft.set(withEdit(draft.get(), messageId, text));
  });
}
