import { useSyncExternalStore } from 'react';

/** The first one bubbles from the document. */
const changes = ['visibilitychange', 'focus', 'blur'];

const subscribe = (listener: () => void) => {
  for (const change of changes) addEventListener(change, listener);
  return () => {
    for (const change of changes) removeEventListener(change, listener);
  };
};

/** Whether somebody can be looking at the page: its tab is in front, and its window is the one in use. */
export const usePageAttention = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => document.visibilityState === 'visible' && document.hasFocus(),
    () => false,
  );
