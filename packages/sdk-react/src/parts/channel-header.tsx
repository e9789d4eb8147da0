import type { ChannelSummary } from '@parley/sdk-js';
import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import { channelTitle } from '../format/channel-title.ts';
import { useChannel } from '../hooks/use-channel.ts';
import { useMyId } from '../hooks/use-me.ts';
import { useMembers } from '../hooks/use-members.ts';
import { useNow } from '../hooks/use-now.ts';
import { useOnlineCount } from '../hooks/use-online-count.ts';
import { usePresence } from '../hooks/use-presence.ts';
import { useTyping } from '../hooks/use-typing.ts';
import { classNames } from '../lib/class-names.ts';
import { useParley } from '../provider/parley-context.ts';
import { shortNameOf } from '../strings.ts';
import { Avatar } from './avatar.tsx';
import { BackButton } from './back-button.tsx';
import { MemberStack } from './member-stack.tsx';

export interface ChannelHeaderProps extends ComponentPropsWithoutRef<'header'> {
  /** Shows a button that leads back, when given. */
  readonly onBack?: (() => void) | undefined;
  /** The channel as a list shows it, until it has loaded: without a connection that may take a while. */
  readonly known?: Pick<ChannelSummary, 'data' | 'members'> | undefined;
  /** Buttons of your own, at the end. */
  readonly children?: ReactNode;
}

/** The others of the channel, and whether they are online. */
export function ChannelHeader({ onBack, known, className, children, ...rest }: ChannelHeaderProps) {
  const { strings } = useParley();
  const userId = useMyId();
  const { data: loaded } = useChannel();
  const loadedMembers = useMembers();
  const data = loaded ?? known?.data ?? null;
  const members = loaded === null ? (known?.members ?? []) : loadedMembers;
  const shown = data === null ? null : channelTitle({ data, members }, userId, strings);
  return (
    <header {...rest} className={classNames('parley parley-channel-header', className)}>
      {onBack !== undefined && <BackButton onBack={onBack} />}
      {shown !== null && (
        <>
          <Avatar name={shown.title} image={shown.image} seed={shown.seed} presenceOf={shown.peer?.id} />
          <div className="parley-header-words">
            <h2 className="parley-title" dir="auto" title={shown.title}>
              {shown.title}
            </h2>
            <Subtitle peerId={shown.peer?.id ?? null} memberCount={data?.memberCount ?? 0} />
          </div>
          {shown.peer === null && <MemberStack members={members.filter(({ user }) => user.id !== userId)} />}
        </>
      )}
      {children}
    </header>
  );
}

function Subtitle({ peerId, memberCount }: { readonly peerId: string | null; readonly memberCount: number }) {
  const { strings, dates } = useParley();
  const typing = useTyping();
  const peer = usePresence(peerId);
  const members = useMembers();
  const userId = useMyId();
  const others = peerId === null ? members.map(({ user }) => user.id).filter((id) => id !== userId) : [];
  const online = useOnlineCount(others);
  const now = useNow();

  const presence = () => {
    if (peerId === null)
      return online > 0
        ? `${strings.memberCount(memberCount)} · ${strings.onlineCount(online)}`
        : strings.memberCount(memberCount);
    if (peer?.online === true) return strings.online;
    return peer?.lastActiveAt ? strings.lastSeen(dates.ago(peer.lastActiveAt, now)) : strings.offline;
  };
  const words = typing.length > 0 ? strings.typing(typing.map((user) => shortNameOf(user, strings))) : presence();
  return (
    <p className="parley-subtitle" data-typing={typing.length > 0} data-online={peer?.online === true}>
      <bdi>{words}</bdi>
    </p>
  );
}
