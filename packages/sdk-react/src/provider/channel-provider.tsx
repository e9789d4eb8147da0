import { ParleyError } from '@parley/contracts';
import type { Channel, Client } from '@parley/sdk-js';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Notice } from '../parts/notice.tsx';
import { ChannelContext, useParley } from './parley-context.ts';

export interface ChannelProviderProps {
  /** `type:key` */
  readonly id: string;
  /** Shown in place of the children when there can be no channel of this id; default: a notice that says why. */
  readonly whenInvalid?: ((error: ParleyError) => ReactNode) | undefined;
  readonly children?: ReactNode;
}

/** Keeps one channel live for as long as it is mounted, and gives it to the hooks and parts below. */
export function ChannelProvider({ id, whenInvalid, children }: ChannelProviderProps) {
  const { client, strings } = useParley();
  const channel = useMemo(() => open(client, id), [client, id]);
  if (!(channel instanceof ParleyError)) return <Opened channel={channel}>{children}</Opened>;
  if (whenInvalid !== undefined) return <>{whenInvalid(channel)}</>;
  return <Notice icon="warning" tone="fault" title={strings.conversationFailed} detail={channel.message} />;
}

/** An id may come from an address that somebody typed: a wrong one must not take the page down. */
function open(client: Client, id: string): Channel | ParleyError {
  try {
    return client.channel(id);
  } catch (error) {
    if (error instanceof ParleyError) return error;
    throw error;
  }
}

function Opened({ channel, children }: { readonly channel: Channel; readonly children: ReactNode }) {
  const { drafts } = useParley();
  const draft = useMemo(() => drafts.of(channel.id), [drafts, channel]);
  const [attempt, setAttempt] = useState(0);
  const stop = useRef<() => void>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt watches anew
  useEffect(() => {
    const unwatch = channel.watch();
    stop.current = unwatch;
    // Later, so that what StrictMode unmounts and mounts again at once never stops being live.
    return () => void setTimeout(unwatch, 0);
  }, [channel, attempt]);

  const reload = useCallback(() => {
    stop.current?.();
    setAttempt((before) => before + 1);
  }, []);
  const value = useMemo(() => ({ channel, draft, reload }), [channel, draft, reload]);
  return <ChannelContext.Provider value={value}>{children}</ChannelContext.Provider>;
}
