import { type RefObject, useCallback, useEffect, useRef } from 'react';

/**
 * Where only one pane is shown, moving between panes hides what had the focus. Then the focus goes to the way back, and from there to what was
 * left. Returns what to call when somebody moves.
 */
export function usePaneFocus(root: RefObject<HTMLElement | null>, narrow: boolean, shownId: string | null): () => void {
  const opener = useRef<HTMLElement | null>(null);
  const moved = useRef(false);
  const move = useCallback(() => {
    moved.current = true;
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && activeElement.closest('nav') !== null) opener.current = activeElement;
  }, []);

  useEffect(() => {
    if (!narrow || !moved.current) return;
    moved.current = false;
    const target = shownId === null ? opener.current : root.current?.querySelector<HTMLElement>('.parley-back');
    target?.focus();
  }, [root, narrow, shownId]);
  return move;
}
