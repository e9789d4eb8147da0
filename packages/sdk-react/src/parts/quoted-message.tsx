import type { Message } from '@parley/contracts';
import { useStrings } from '../provider/parley-context.ts';
import { nameOf, type Strings } from '../strings.ts';

/** One line that stands for a message in a list, a quote or a reply. */
export function summaryOf(message: Pick<Message, 'text' | 'attachments' | 'deletedAt'>, strings: Strings): string {
  if (message.deletedAt !== null) return strings.deletedMessage;
  if (message.text.trim() !== '') return message.text;
  return message.attachments[0]?.title ?? (message.attachments.length > 0 ? strings.attachment : '');
}

export interface QuotedMessageProps {
  readonly message: Message;
  readonly onJump: (messageId: string) => void;
}

/** The message that another one answers; leads to it. */
export function QuotedMessage({ message, onJump }: QuotedMessageProps) {
  const strings = useStrings();
  return (
    <button className="parley-quote" type="button" onClick={() => onJump(message.id)}>
      <span className="parley-quote-author">{nameOf(message.user, strings)}</span>
      <span className="parley-quote-text">{summaryOf(message, strings)}</span>
    </button>
  );
}
