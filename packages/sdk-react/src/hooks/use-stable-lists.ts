import { useRef } from 'react';
import { sameContent } from '../lib/same-content.ts';

/** The lists as they are now; one that says what it said before is the same array, so that what is memoised by it need not render anew. */
export function useStableLists(lists: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const before = useRef(lists);
  if (before.current === lists) return lists;
  const stable = new Map<string, readonly string[]>();
  for (const [key, list] of lists) {
    const known = before.current.get(key);
    stable.set(key, known !== undefined && sameContent(known, list) ? known : list);
  }
  before.current = stable;
  return stable;
}
