import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ChannelContext, useParley } from './parley-context.ts';

export interface ChannelProviderProps {
  /** `type:key` */
  readonly id: string;
  readonly children?: ReactNode;
}

/** Keeps one channel live for as long as it is mounted, and gives it to the hooks and parts below. */
export function ChannelProvider({ id, children }: ChannelProviderProps) {
  const { client, drafts } = useParley();
  const channel = useMemo(() => client.channel(id), [client, id]);
  const draft = useMemo(() => drafts.of(id), [drafts, id]);
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
