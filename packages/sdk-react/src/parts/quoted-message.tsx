import type { Attachment, Message } from '@parley/contracts';
import { isBlank } from '@parley/contracts';
import { isVisible, oneLine } from '../format/one-line.ts';
import { plainText } from '../format/plain-text.ts';
import { useStrings } from '../provider/parley-context.ts';
import { nameOf, type Strings } from '../strings.ts';

/** One line that stands for a message in a list, a quote or a reply. */
export function summaryOf(message: Pick<Message, 'text' | 'attachments' | 'deletedAt'>, strings: Strings): string {
  if (message.deletedAt !== null) return strings.deletedMessage;
  if (!isBlank(message.text)) return oneLine(plainText(message.text));
  const [attachment] = message.attachments;
  return attachment === undefined ? '' : titleOf(attachment, strings);
}

/** The name of an attachment: its title where it has one that can be seen. */
export function titleOf({ title }: Pick<Attachment, 'title'>, strings: Strings): string {
  const line = oneLine(title ?? '');
  return isVisible(line) ? line : strings.attachment;
}

export interface QuotedMessageProps {
  readonly message: Message;
  readonly onJump: (messageId: string) => void;
}

/** The message that another one answers; leads to it, or to the message that it is a reply to: replies are not in the list. */
export function QuotedMessage({ message, onJump }: QuotedMessageProps) {
  const strings = useStrings();
  return (
    <button className="parley-quote" type="button" onClick={() => onJump(message.parentId ?? message.id)}>
      <span className="parley-quote-author">
        <bdi>{nameOf(message.user, strings)}</bdi>
      </span>
      <span className="parley-quote-text" dir="auto">
        <bdi>{summaryOf(message, strings)}</bdi>
      </span>
    </button>
  );
}
