import type { MessageView } from '@parley/sdk-js';
import { sentence } from '../format/sentence.ts';
import { useStrings } from '../provider/parley-context.ts';
import { Icon } from './icon.tsx';

export interface MessageFaultProps {
  readonly message: MessageView;
  /** Why the last action on the message was refused. */
  readonly fault: string | null;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
}

/** The error of a message, and the way out. */
export function MessageFault({ message, fault, onRetry, onDiscard }: MessageFaultProps) {
  const strings = useStrings();
  if (message.status === 'failed') {
    return (
      <div className="parley-message-fault" role="alert">
        <Icon name="warning" />
        <span title={message.error?.message}>{strings.notSent}</span>
        <button className="parley-link-button" type="button" onClick={onRetry}>
          {strings.retry}
        </button>
        <button className="parley-link-button" type="button" onClick={onDiscard}>
          {strings.discard}
        </button>
      </div>
    );
  }
  if (fault === null) return null;
  return (
    <div className="parley-message-fault" role="alert">
      <Icon name="warning" />
      <span>{sentence(fault)}</span>
    </div>
  );
}
