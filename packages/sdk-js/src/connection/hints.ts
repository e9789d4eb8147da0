/** `try`: now is a good moment to connect or to check. `check`: the network may be gone. */
export type Hint = 'try' | 'check';

/** Knowledge of the host about the network and the page. */
export interface Hints {
  /** Returns a function that unsubscribes. */
  on(listener: (hint: Hint) => void): () => void;
}

/** `online`, `offline` and a page that becomes visible, where they exist. */
export const hostHints: Hints = {
  on(listener) {
    if (typeof globalThis.addEventListener !== 'function') return () => {};
    const page = typeof document === 'undefined' ? null : document;
    const online = (): void => listener('try');
    const offline = (): void => listener('check');
    const visibility = (): void => {
      if (page?.visibilityState === 'visible') listener('try');
    };
    globalThis.addEventListener('online', online);
    globalThis.addEventListener('offline', offline);
    page?.addEventListener('visibilitychange', visibility);
    return () => {
      globalThis.removeEventListener('online', online);
      globalThis.removeEventListener('offline', offline);
      page?.removeEventListener('visibilitychange', visibility);
    };
  },
};
