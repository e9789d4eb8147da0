/** Something that is live while somebody watches it. */
export interface Watchable {
  watch(): () => void;
}

/**
 * Begins to watch. Returns a function that ends the watch, which comes into force a moment later: what is unmounted and mounted again at once (StrictMode, a
 * changed key) never stops being live, so nothing is asked of the server twice.
 */
export function watchWhileMounted(watchable: Watchable): () => void {
  const stop = watchable.watch();
  return () => {
    setTimeout(stop, 0);
  };
}
