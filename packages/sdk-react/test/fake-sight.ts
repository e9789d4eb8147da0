import { vi } from 'vitest';

export interface FakeSight {
  /** How many CSS pixels of an element are in view; default: all 40 of each. */
  show(pixels: (target: Element) => number): void;
  /** Whether something lies over everything. */
  cover(covered: boolean): void;
  /** Elements that are observed now. */
  observed(): readonly Element[];
}

/** Sight for a page that is laid out nowhere: every element is 40 px high and in view, until the test says otherwise. Ends with `vi.unstubAllGlobals`. */
export function fakeSight(height = 40): FakeSight {
  const observers = new Set<FakeObserver>();
  let pixels: (target: Element) => number = () => height;
  let covered = false;

  class FakeObserver {
    readonly targets = new Set<Element>();
    readonly #notify: IntersectionObserverCallback;
    constructor(notify: IntersectionObserverCallback) {
      this.#notify = notify;
      observers.add(this);
    }
    observe(target: Element): void {
      this.targets.add(target);
      queueMicrotask(() => this.tell([target]));
    }
    unobserve(target: Element): void {
      this.targets.delete(target);
    }
    disconnect(): void {
      this.targets.clear();
      observers.delete(this);
    }
    tell(targets: Iterable<Element>): void {
      const entries = [...targets]
        .filter((target) => this.targets.has(target))
        .map((target) => ({
          target,
          boundingClientRect: { height },
          intersectionRect: { height: target.isConnected ? pixels(target) : 0 },
        }));
      // The parts of an entry that are read here.
      if (entries.length > 0) this.#notify(entries as never, this as never);
    }
  }
  vi.stubGlobal('IntersectionObserver', FakeObserver);
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  document.elementFromPoint = () => (covered ? document.body : document.querySelector('.parley-scroller'));

  return {
    show(next) {
      pixels = next;
      for (const observer of observers) observer.tell(observer.targets);
    },
    cover: (next) => {
      covered = next;
    },
    observed: () => [...observers].flatMap(({ targets }) => [...targets]),
  };
}
