import type { UseChannelResult } from '../hooks/use-channel.ts';
import { useStrings } from '../provider/parley-context.ts';
import { reasonOf, whyClosed } from '../strings.ts';
import { Notice } from './notice.tsx';
import { MessageListSkeleton } from './skeleton.tsx';

/** The notice in place of messages: they are loading, could not be loaded, or there are none. */
export function MessageListState({ channel }: { readonly channel: UseChannelResult }) {
  const strings = useStrings();
  const { status, error, reload } = channel;
  if (status === 'failed') {
    return (
      <Notice
        icon="warning"
        tone="fault"
        title={strings.conversationFailed}
        detail={error === null ? undefined : reasonOf(error, strings)}
      >
        <button className="parley-button" data-kind="quiet" type="button" onClick={reload}>
          {strings.retry}
        </button>
      </Notice>
    );
  }
  if (status === 'closed') return <Notice icon="chat" title={whyClosed(error, strings)} />;
  if (status === 'live' || status === 'resuming')
    return <Notice icon="chat" title={strings.noMessages} detail={strings.noMessagesHint} />;
  return <MessageListSkeleton />;
}
