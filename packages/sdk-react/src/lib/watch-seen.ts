/** Milliseconds before somebody's eyes that make a message seen: long enough for a list that opens to have moved to its first unread message. */
const dwellMs = 300;
const retryMs = 5_000;
/** This much of a row is enough, in CSS pixels, where half of it is more. */
const enoughPx = 200;
/** Fine enough for rows that are many screens high. */
const threshold = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5];

export interface SeenOptions {
  /** Holds the rows, which say their `data-message-id`. */
  readonly list: HTMLElement;
  /** Scrolls the list. */
  readonly scroller: HTMLElement;
  /** Position of a message that is still unread, else 0. */
  readonly unreadSeqOf: (messageId: string) => number;
  /** Somebody has seen up to here. Called again until it is read; a rejection pauses that. */
  readonly onSeen: (seq: number) => Promise<void>;
  /** Whether any of the list is in sight. */
  readonly onInSight: (inSight: boolean) => void;
}

/**
 * Watches which unread messages somebody really has before their eyes: in the page's window, not scrolled away, not collapsed, not hidden, nothing over them, for a
 * moment. Where there is no IntersectionObserver nobody can say, so nothing is seen. Returns a function that ends it.
 */
export function watchSeen({ list, scroller, unreadSeqOf, onSeen, onInSight }: SeenOptions): () => void {
  if (typeof IntersectionObserver === 'undefined') return () => {};
  const inView = new Map<HTMLElement, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let stopped = false;

  const seqOf = (row: HTMLElement): number => unreadSeqOf(row.dataset['messageId'] ?? '');
  const plan = (ms: number): void => {
    if (timer === undefined && !busy && !stopped && inView.size > 0) timer = setTimeout(() => void look(), ms);
  };
  const look = async (): Promise<void> => {
    timer = undefined;
    const since = performance.now() - dwellMs;
    let newest = 0;
    for (const [row, at] of inView) {
      const seq = seqOf(row);
      if (seq === 0 || !row.isConnected) inView.delete(row);
      // Whoever has seen the newest has come past the others.
      else if (seq > newest && at <= since && isUncovered(row, scroller)) newest = seq;
    }
    busy = true;
    const pause = await (newest > 0 ? onSeen(newest) : Promise.resolve()).then(
      () => dwellMs,
      () => retryMs,
    );
    busy = false;
    plan(pause);
  };

  // Without a root it is the window, and whatever clips on the way there clips: the scroller, a collapsed panel, a frame.
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, boundingClientRect, intersectionRect } of entries) {
        const { height } = intersectionRect;
        if (target === scroller) onInSight(height > 0);
        else if (target instanceof HTMLElement) {
          const enough = Math.min(enoughPx, boundingClientRect.height / 2, scroller.clientHeight / 2);
          // Heights have fractions, which do not add up to the last bit.
          if (height === 0 || height < enough - 1) inView.delete(target);
          else if (!inView.has(target)) inView.set(target, performance.now());
        }
      }
      plan(dwellMs);
    },
    { threshold },
  );
  const add = (row: Node): void => {
    // Rows that were read long ago cost nothing.
    if (row instanceof HTMLElement && seqOf(row) > 0) observer.observe(row);
  };
  const changes = new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const row of addedNodes) add(row);
  });
  observer.observe(scroller);
  for (const row of list.children) add(row);
  changes.observe(list, { childList: true });

  return () => {
    stopped = true;
    clearTimeout(timer);
    observer.disconnect();
    changes.disconnect();
    onInSight(false);
  };
}

/** Whether the part of a row that is in view can be hit: nothing hides it, lies over it or has made it inert, as a modal dialog does. */
function isUncovered(row: HTMLElement, scroller: HTMLElement): boolean {
  if (row.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) === false) return false;
  const box = row.getBoundingClientRect();
  const frame = scroller.getBoundingClientRect();
  const top = Math.max(box.top, frame.top, 0);
  const left = Math.max(box.left, frame.left, 0);
  const height = Math.min(box.bottom, frame.bottom, innerHeight) - top;
  const width = Math.min(box.right, frame.right, innerWidth) - left;
  const root = row.getRootNode();
  const place = root instanceof ShadowRoot ? root : row.ownerDocument;
  // The list's own buttons float over it.
  const own = scroller.parentElement ?? scroller;
  return [0.25, 0.5, 0.75].some((at) => own.contains(place.elementFromPoint(left + width * at, top + height * at)));
}
