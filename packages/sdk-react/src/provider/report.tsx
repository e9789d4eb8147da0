import { type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react';
import { ParleyContext, useParley } from './parley-context.ts';

/** Which part of the interface could not be shown. */
export interface FaultPlace {
  readonly part: 'message' | 'conversation' | 'channel-list-item' | 'channel-list';
  /** Id of the message or channel; null for the whole list. */
  readonly id: string | null;
  /** The components around the fault, innermost first, as React names them. */
  readonly componentStack: string;
}

/** Hears of an error that was thrown while a part was shown. The part says so in its place; the rest goes on. */
export type OnError = (error: unknown, place: FaultPlace) => void;

/** The same function for life, so that an inline `onError` renders nothing anew. A handler that throws hurts no part. */
export function useReport(onError: OnError | undefined): OnError {
  const latest = useRef(onError);
  useEffect(() => {
    latest.current = onError;
  });
  return useCallback((error, place) => {
    try {
      latest.current?.(error, place);
    } catch (thrown) {
      globalThis.reportError?.(thrown);
    }
  }, []);
}

/** Has faults below it reported to `onError` instead of the outer provider's; without one nothing changes. */
export function Reporting({
  onError,
  children,
}: {
  readonly onError: OnError | undefined;
  readonly children: ReactNode;
}) {
  const outer = useParley();
  const report = useReport(onError ?? outer.report);
  const value = useMemo(() => ({ ...outer, report }), [outer, report]);
  return <ParleyContext.Provider value={value}>{children}</ParleyContext.Provider>;
}
