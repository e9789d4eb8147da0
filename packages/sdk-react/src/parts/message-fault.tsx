import type { MessageView } from '@parley/sdk-js';
import { sentence } from '../format/sentence.ts';
import { useStrings } from '../provider/parley-context.ts';
import { Icon } from './icon.tsx';

export interface MessageFaultProps {
  readonly message: MessageView;
  /** Why the last reaction to the message was refused. */
  readonly fault: string | null;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
}

/** The error of a message or of a change to it, with the words that were not taken, and the way out. */
export function MessageFault({ message, fault, onRetry, onDiscard }: MessageFaultProps) {
  const strings = useStrings();
  const { status, error, failedEdit } = message;
  if (status === 'failed' || error !== null) {
    const change = failedEdit === null ? strings.notDeleted : strings.notEdited;
    const words = status === 'failed' ? strings.notSent : change;
    return (
      // The announcer of the list says it once, and not again each time that the row is there.
      <div className="parley-message-fault">
        <Icon name="warning" />
        <span title={error?.message}>{words}</span>
        {failedEdit?.text !== undefined && (
          <q className="parley-failed-edit" dir="auto">
            {failedEdit.text}
          </q>
        )}
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
