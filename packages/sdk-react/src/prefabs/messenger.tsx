import type { ParleyError } from '@parley/contracts';
import type { ChannelQuery } from '@parley/sdk-js';
import { type ComponentPropsWithoutRef, useCallback, useEffect, useRef, useState } from 'react';
import type { UseChannelListResult } from '../hooks/use-channel-list.ts';
import { useClient } from '../hooks/use-client.ts';
import { useConnection } from '../hooks/use-connection.ts';
import { useMe } from '../hooks/use-me.ts';
import { useNarrow } from '../hooks/use-narrow.ts';
import { usePaneFocus } from '../hooks/use-pane-focus.ts';
import { classNames } from '../lib/class-names.ts';
import { Avatar } from '../parts/avatar.tsx';
import { BackButton } from '../parts/back-button.tsx';
import { ChannelHeader } from '../parts/channel-header.tsx';
import { ChannelList } from '../parts/channel-list.tsx';
import { Composer } from '../parts/composer.tsx';
import { ConnectionBanner } from '../parts/connection-banner.tsx';
import { FaultBoundary } from '../parts/fault-boundary.tsx';
import { FaultNotice } from '../parts/fault-notice.tsx';
import { Icon } from '../parts/icon.tsx';
import { MessageList } from '../parts/message-list.tsx';
import { NewConversation } from '../parts/new-conversation.tsx';
import { Notice } from '../parts/notice.tsx';
import { MessageListSkeleton } from '../parts/skeleton.tsx';
import { ChannelProvider } from '../provider/channel-provider.tsx';
import { useStrings } from '../provider/parley-context.ts';
import { type ParleyConnection, ParleyProvider } from '../provider/parley-provider.tsx';
import { type OnError, Reporting } from '../provider/report.tsx';
import { nameOf, reasonOf, type Strings } from '../strings.ts';

export interface MessengerOptions extends Omit<ComponentPropsWithoutRef<'div'>, 'children' | 'onError'> {
  /** The channel to show, `type:key`; default: the latest one, once there is room for it. */
  readonly channelId?: string | undefined;
  readonly onChannelChange?: ((channelId: string | null) => void) | undefined;
  /** Which channels are listed; default: all of the viewer's. */
  readonly query?: ChannelQuery | undefined;
  /** Default: the preference of the system. */
  readonly theme?: 'light' | 'dark' | undefined;
  /** Reactions that are offered. */
  readonly reactions?: readonly string[] | undefined;
  readonly strings?: Partial<Strings> | undefined;
  /** BCP 47 language tag for dates and times. */
  readonly locale?: string | undefined;
  /** Hears of errors that were thrown while a message, a conversation or a list was shown. */
  readonly onError?: OnError | undefined;
}

/** The connection is that of the provider around it. */
export interface NoConnection {
  readonly client?: undefined;
  readonly url?: undefined;
  readonly userId?: undefined;
  readonly token?: undefined;
  readonly getToken?: undefined;
}

export type MessengerProps = MessengerOptions & (ParleyConnection | NoConnection);

/** A whole messenger: list, conversation, composer. Inside a {@link ParleyProvider}, or with `url`, `userId` and `getToken` (or `token`) of its own. */
export function Messenger({ strings, locale, onError, ...props }: MessengerProps) {
  const { client, url, userId, token, getToken, ...options } = {
    url: undefined,
    userId: undefined,
    token: undefined,
    getToken: undefined,
    ...props,
  };
  const panes = <Panes {...options} />;
  const presentation = { strings, locale, onError, children: panes };
  if (client !== undefined) return <ParleyProvider client={client} {...presentation} />;
  if (url === undefined) return <Reporting onError={onError}>{panes}</Reporting>;
  if (token !== undefined) return <ParleyProvider url={url} userId={userId} token={token} {...presentation} />;
  return <ParleyProvider url={url} userId={userId} getToken={getToken} {...presentation} />;
}

/** Below this width, in CSS pixels, one pane is shown at a time. */
const twoPanesFrom = 640;

type PanesProps = Omit<MessengerOptions, 'strings' | 'locale' | 'onError'>;

function Panes({ channelId, onChannelChange, query, theme, reactions, className, ...rest }: PanesProps) {
  const strings = useStrings();
  const root = useRef<HTMLDivElement>(null);
  const narrow = useNarrow(root, twoPanesFrom);
  const [chosen, setChosen] = useState<string | null>(channelId ?? null);
  const [byHand, setByHand] = useState(false);
  const [firstId, setFirstId] = useState<string | null>(null);
  const [listed, setListed] = useState(false);
  const [starting, setStarting] = useState(false);
  const [items, setItems] = useState<UseChannelListResult['items']>([]);
  const connection = useConnection();
  const failure = connection.name === 'failed' ? connection.reason : null;
  // With nothing loaded there is nothing to stand beside the reason, so it takes the whole place; and somebody else must not read on in what is loaded.
  const refusal = items.length > 0 && failure?.code !== 'wrong_user' ? null : failure;

  const shownId = chosen ?? (narrow ? null : firstId);
  const leavePane = usePaneFocus(root, narrow, shownId);

  useEffect(() => setChosen(channelId ?? null), [channelId]);
  const choose = useCallback(
    (id: string | null) => {
      leavePane();
      setChosen(id);
      setByHand(id !== null);
      setStarting(false);
      onChannelChange?.(id);
    },
    [onChannelChange, leavePane],
  );
  // Without a choice, the latest conversation is shown where there is room beside the list; it then stays, whatever becomes the latest.
  const onList = useCallback(({ status, items: found }: UseChannelListResult) => {
    setFirstId((before) => before ?? found[0]?.id ?? null);
    setItems(found);
    setListed(status === 'ready' || status === 'failed');
  }, []);
  const back = narrow ? () => choose(null) : undefined;

  return (
    <div
      {...rest}
      ref={root}
      className={classNames('parley parley-messenger', className)}
      data-theme={theme}
      data-narrow={narrow}
      data-refused={refusal !== null}
      data-pane={shownId === null ? 'list' : 'channel'}
    >
      {/* Not in a pane: on a phone one of them is hidden, and the page still has a first heading. */}
      <h1 className="parley-only-heard">{strings.conversations}</h1>
      {refusal === null ? <ConnectionBanner /> : <Refusal reason={refusal} />}
      <section className="parley-list-pane" aria-label={strings.conversations}>
        <FaultBoundary
          part="channel-list"
          id={null}
          content={starting}
          fallback={(retry) => <FaultNotice title={strings.conversationsNotShown} onRetry={retry} />}
        >
          {starting ? (
            <NewConversation onOpen={choose} onCancel={() => setStarting(false)} />
          ) : (
            <>
              <ListHeader onStart={() => setStarting(true)} />
              <ChannelList
                query={query}
                selectedId={shownId}
                onSelect={choose}
                onList={onList}
                whenEmpty={
                  <button className="parley-button" type="button" onClick={() => setStarting(true)}>
                    {strings.newConversation}
                  </button>
                }
              />
            </>
          )}
        </FaultBoundary>
      </section>
      <section className="parley-channel-pane" aria-label={strings.conversation}>
        {shownId === null ? (
          <NothingChosen listed={listed} />
        ) : (
          <FaultBoundary
            key={shownId}
            part="conversation"
            id={shownId}
            content={shownId}
            fallback={(retry) => (
              <>
                <BareHeader onBack={back} />
                <FaultNotice title={strings.conversationNotShown} onRetry={retry} />
              </>
            )}
          >
            <ChannelProvider
              id={shownId}
              whenInvalid={({ message }) => (
                <>
                  <BareHeader onBack={back} />
                  <Notice icon="warning" tone="fault" title={strings.conversationFailed} detail={message} />
                </>
              )}
            >
              <ChannelHeader onBack={back} known={items.find(({ id }) => id === shownId)} />
              <MessageList reactions={reactions} />
              <Composer takesFocus={byHand && !narrow} />
            </ChannelProvider>
          </FaultBoundary>
        )}
      </section>
    </div>
  );
}

/** The way back from a conversation that cannot be shown. */
function BareHeader({ onBack }: { readonly onBack: (() => void) | undefined }) {
  if (onBack === undefined) return null;
  return (
    <header className="parley-channel-header">
      <BackButton onBack={onBack} />
    </header>
  );
}

function Refusal({ reason }: { readonly reason: ParleyError }) {
  const strings = useStrings();
  const client = useClient();
  return (
    <div className="parley-refusal">
      <Notice icon="warning" tone="fault" title={strings.connectionFailed} detail={reasonOf(reason, strings)}>
        <button className="parley-button" type="button" onClick={() => client.connect().catch(() => undefined)}>
          {strings.retry}
        </button>
      </Notice>
    </div>
  );
}

function NothingChosen({ listed }: { readonly listed: boolean }) {
  const strings = useStrings();
  return listed ? <Notice icon="chat" title={strings.noConversationChosen} /> : <MessageListSkeleton />;
}

function ListHeader({ onStart }: { readonly onStart: () => void }) {
  const strings = useStrings();
  const me = useMe();
  return (
    <header className="parley-list-header">
      {me !== null && (
        <Avatar name={nameOf(me, strings)} image={me.image} seed={me.id} size="small" title={nameOf(me, strings)} />
      )}
      <span className="parley-title" aria-hidden="true">
        {strings.conversations}
      </span>
      <button
        className="parley-icon-button"
        type="button"
        aria-label={strings.newConversation}
        title={strings.newConversation}
        onClick={onStart}
      >
        <Icon name="compose" />
      </button>
    </header>
  );
}
