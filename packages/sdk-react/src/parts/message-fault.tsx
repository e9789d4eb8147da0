import type { MessageView } from '@parley/sdk-js';
import { endEdit } from '../hooks/draft-actions.ts';
import { useSelected } from '../hooks/use-store.ts';
import { useChannelContext, useStrings } from '../provider/parley-context.ts';
import { reasonOf } from '../strings.ts';
import { whyFailed } from '../timeline/news.ts';
import { CopyAction } from './copy-action.tsx';
import { Icon } from './icon.tsx';

export interface MessageFaultProps {
  readonly message: MessageView;
  /** Whether the message may still be edited: words that were typed for it and have no editor any more are shown here. */
  readonly mayEdit: boolean;
  /** Why the last reaction to the message was refused. */
  readonly fault: string | null;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
}

/** What went wrong with a message or a change to it: why, the words that were not taken, and the way out. */
export function MessageFault({ message, mayEdit, fault, onRetry, onDiscard }: MessageFaultProps) {
  const strings = useStrings();
  const writing = useChannelContext();
  const begun = useSelected(writing.draft, ({ edits }) => edits.get(message.id));
  const { id, status, error, failedEdit } = message;
  // The announcer of the list says it once, and not again each time that the row is there.
  if (status === 'failed' || error !== null) {
    return (
      <div className="parley-message-fault">
        <Icon name="warning" />
        <span title={error?.message}>{whyFailed(message, strings)}</span>
        {error !== null && <span className="parley-fault-reason">{reasonOf(error, strings)}</span>}
        <Words text={failedEdit?.text ?? ''} />
        {error?.code !== 'not_found' && (
          <button className="parley-link-button" type="button" onClick={onRetry}>
            {strings.retry}
          </button>
        )}
        <button className="parley-link-button" type="button" onClick={onDiscard}>
          {strings.discard}
        </button>
      </div>
    );
  }
  if (begun !== undefined && !mayEdit)
    return (
      <div className="parley-message-fault">
        <Icon name="warning" />
        <span>{strings.notEdited}</span>
        <Words text={begun} />
        <CopyAction text={begun} />
        <button className="parley-link-button" type="button" onClick={() => endEdit(writing, id)}>
          {strings.discard}
        </button>
      </div>
    );
  if (fault === null) return null;
  return (
    <div className="parley-message-fault" role="alert">
      <Icon name="warning" />
      <span>{fault}</span>
    </div>
  );
}

const Words = ({ text }: { readonly text: string }) =>
  text !== '' && (
    <q className="parley-failed-edit" dir="auto">
      {text}
    </q>
  );
