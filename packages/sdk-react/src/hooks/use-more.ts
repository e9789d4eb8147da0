import { useCallback, useState } from 'react';

export interface UseMoreResult {
  readonly failed: boolean;
  readonly load: () => void;
  /** Not while it is being loaded or after it has failed: then somebody asks for it. */
  readonly loadOnce: () => void;
  readonly fail: () => void;
}

/** Loads what comes next in one direction. */
export function useMore(hasMore: boolean, loading: boolean, ask: () => Promise<void>): UseMoreResult {
  const [failed, setFailed] = useState(false);
  const fail = useCallback(() => setFailed(true), []);
  const load = useCallback(() => {
    setFailed(false);
    ask().catch(fail);
  }, [ask, fail]);
  const loadOnce = useCallback(() => {
    if (hasMore && !loading && !failed) load();
  }, [hasMore, loading, failed, load]);
  return { failed: failed && hasMore, load, loadOnce, fail };
}
