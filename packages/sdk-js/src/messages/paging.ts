import type { Message } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import type { LoggedEvent } from '../channels/channel-event.ts';
import type { MessagePage, PageArguments } from './message-page.ts';
import { put } from './timeline.ts';
import {
  caughtUp,
  type Direction,
  isBeyond,
  isLoaded,
  joined,
  nextPage,
  opposite,
  pageTowards,
  replaced,
  trimmed,
  type Window,
  windowAfter,
  windowOf,
} from './window.ts';

/** Which part of the timeline is loaded, and how that moves. */
export interface Paging {
  readonly window: Window;
  set(timeline: Window['timeline']): void;
  reset(page: MessagePage): void;
  /** Returns whether something has changed. */
  apply(event: LoggedEvent): boolean;
  /** Puts a message in its place; false: nothing is loaded there. */
  put(message: Message): boolean;
  isLoading(direction: Direction): boolean;
  load(direction: Direction): Promise<void>;
  loadAround(id: string): Promise<boolean>;
  jumpToNewest(): Promise<void>;
}

export interface PagingOptions {
  readonly ask: (page: PageArguments) => Promise<MessagePage>;
  readonly userId: () => string | null;
  /** The window, or what is being loaded, is another one. */
  readonly changed: () => void;
}

const jumpLength = 50;

export const noPage: MessagePage = {
  nodes: [],
  pageInfo: { hasPreviousPage: false, hasNextPage: false, startCursor: null, endCursor: null },
};

export function createPaging({ ask, userId, changed }: PagingOptions): Paging {
  let window = windowOf(noPage);
  /** The pages on their way, each with the events since it was asked for. */
  const loads = new Map<Direction | 'jump', LoggedEvent[]>();
  let toNewest: Promise<void> | null = null;
  /** Where the reader went last. */
  let reader: Direction = 'newer';

  /** Takes the page, unless something else has taken its place meanwhile. */
  const run = async (
    kind: Direction | 'jump',
    page: PageArguments,
    take: (page: MessagePage, arrived: readonly LoggedEvent[]) => void,
  ): Promise<void> => {
    const arrived: LoggedEvent[] = [];
    const isWanted = (): boolean => loads.get(kind) === arrived;
    loads.set(kind, arrived);
    changed();
    try {
      const answer = await ask(page);
      if (isWanted()) take(answer, arrived);
    } finally {
      if (isWanted()) {
        loads.delete(kind);
        changed();
      }
    }
  };

  const trim = (): void => {
    const next = trimmed(window, reader);
    // A page for the end that was cut off would leave a hole.
    if (next !== window) loads.delete(opposite(reader));
    window = next;
  };

  const jump = (page: PageArguments, isIt: (target: Window) => boolean): Promise<void> =>
    run('jump', page, (answer, arrived) => {
      const target = caughtUp(windowOf(answer), arrived, userId());
      if (!isIt(target)) return;
      window = replaced(window, target);
      reader = 'newer';
      // Pages that are under way go on from the place that was left.
      loads.delete('older');
      loads.delete('newer');
    });

  return {
    get window() {
      return window;
    },
    set(timeline) {
      window = { ...window, timeline };
    },
    reset(page) {
      loads.clear();
      toNewest = null;
      reader = 'newer';
      window = windowOf(page);
    },
    apply(event) {
      for (const arrived of loads.values()) arrived.push(event);
      const before = window;
      window = windowAfter(window, event, userId());
      trim();
      return window !== before;
    },
    put(message) {
      if (!isLoaded(window, message.id) && isBeyond(window, message.seq)) return false;
      window = { ...window, timeline: put(window.timeline, message) };
      return true;
    },
    isLoading: (direction) => loads.has(direction),
    async load(direction) {
      if (!window[direction].more || loads.has(direction)) return;
      reader = direction;
      await run(direction, nextPage(window, direction), (page, arrived) => {
        window = joined(window, caughtUp(pageTowards(page, direction), arrived, userId()), direction);
        trim();
      });
    },
    async loadAround(id) {
      if (isLoaded(window, id)) return true;
      toNewest = null;
      try {
        await jump({ around: id, last: jumpLength }, (target) => isLoaded(target, id));
      } catch (error) {
        if (!isAbsence(error)) throw error;
      }
      return isLoaded(window, id);
    },
    jumpToNewest() {
      reader = 'newer';
      if (!window.newer.more) {
        loads.delete('jump');
        return Promise.resolve();
      }
      toNewest ??= jump({ last: jumpLength }, ({ timeline }) => timeline.length > 0).finally(() => {
        toNewest = null;
      });
      return toNewest;
    },
  };
}

/** The API knows no message of this channel by the id. */
const isAbsence = (error: unknown): boolean =>
  error instanceof ParleyError && error.code === 'invalid_input' && error.details.field === 'around';
