import type { ParleyError } from '@parley/contracts';
import type { MessagesState, MessagesStore, MessageView } from '@parley/sdk-js';
import { createValue, type Value } from '../src/lib/value.ts';

export interface FakePagesOptions {
  /** The newest first. */
  readonly olderPages?: readonly (readonly MessageView[])[] | undefined;
  /** The oldest first. */
  readonly newerPages?: readonly (readonly MessageView[])[] | undefined;
  /** Why nothing can be loaded now; null: it can. */
  readonly refusal: () => ParleyError | null;
  readonly called: (name: string, ...args: unknown[]) => void;
}

export interface FakePages {
  readonly store: Value<MessagesState> & MessagesStore;
  /** These messages are loaded, with the pages beside them. */
  show(items: readonly MessageView[]): void;
  /** The timeline ends with the message, loaded or not; those that are not sent yet come after it. */
  append(item: MessageView): void;
}

/** A timeline in pages, a part of which is loaded. */
export function createFakePages({ olderPages = [], newerPages = [], refusal, called }: FakePagesOptions): FakePages {
  const older = [...olderPages];
  const newer = [...newerPages];
  const page = createValue<MessagesState>({
    items: [],
    hasOlder: false,
    loadingOlder: false,
    hasNewer: false,
    loadingNewer: false,
  });
  const items = () => page.get().items;
  const show = (next: readonly MessageView[]) =>
    page.set({
      items: next,
      hasOlder: older.length > 0,
      loadingOlder: false,
      hasNewer: newer.length > 0,
      loadingNewer: false,
    });
  const answer = async () => {
    await Promise.resolve();
    const error = refusal();
    if (error !== null) throw error;
  };

  return {
    show,
    append(item) {
      if (newer.length > 0) return void newer.push([item]);
      const others = items().filter(({ id }) => id !== item.id);
      const isSent = ({ status }: MessageView) => status === 'sent';
      page.set({
        ...page.get(),
        items: [...others.filter(isSent), item, ...others.filter((other) => !isSent(other))],
      });
    },
    store: {
      ...page,
      async loadOlder() {
        const next = older.shift();
        if (next === undefined) return;
        page.set({ ...page.get(), loadingOlder: true });
        await answer();
        show([...next, ...items()]);
      },
      async loadNewer() {
        called('loadNewer');
        await answer();
        const next = newer.shift();
        if (next === undefined) return;
        page.set({ ...page.get(), loadingNewer: true });
        await answer();
        show([...items(), ...next]);
      },
      async loadAround(id) {
        called('loadAround', id);
        if (items().some((item) => item.id === id)) return true;
        await answer();
        const at = older.findIndex((each) => each.some((item) => item.id === id));
        const [found, ...passed] = older.splice(0, at + 1).reverse();
        if (found === undefined) return false;
        newer.unshift(...passed, items());
        show(found);
        return true;
      },
      async jumpToNewest() {
        called('jumpToNewest');
        if (newer.length === 0) return;
        await answer();
        const last = newer.splice(-1)[0] ?? [];
        older.unshift(...newer.splice(0).reverse(), items());
        show(last);
      },
    },
  };
}
