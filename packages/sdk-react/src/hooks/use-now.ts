import { useMemo, useSyncExternalStore } from 'react';

const minuteMs = 60_000;

function everyMinute(notify: () => void): () => void {
  const timer = setInterval(notify, minuteMs);
  return () => clearInterval(timer);
}
const presentMinute = (): number | null => Math.floor(Date.now() / minuteMs);
/** A server renders a page for any time, and may keep it: it must not read the clock. Next.js refuses to build a page that does. */
const noMinute = (): number | null => null;

/** The present time, renewed every minute, for words such as "Yesterday" and "5 minutes ago". On a server it is the end of time: dates are written out whole. */
export function useNow(): Date {
  const minute = useSyncExternalStore(everyMinute, presentMinute, noMinute);
  return useMemo(() => (minute === null ? new Date(8.64e15) : new Date()), [minute]);
}
