import type { User } from '@parley/contracts';
import type { Context } from '../context.ts';
import type { Store } from '../lib/store.ts';
import { createStore } from '../lib/store.ts';
import { meQuery, updateMeMutation } from '../operations/documents.ts';
import { createRetrying } from '../operations/retrying.ts';

import { newerUser } from './newer-user.ts';
import type { UpdateMeInput } from './users.ts';

/** The one whose token it is. */
export interface ViewerStore {
  readonly store: Store<User | null>;
  /** Asks once; the answer stays. */
  load(): void;
  /** Before the answer is there: what the token says. */
  user(): User | null;
  update(input: UpdateMeInput): Promise<User>;
  /** Somebody's profile changed, perhaps the viewer's, in another tab. */
  changed(user: User): void;
}

export function createViewer(
  context: Pick<Context, 'clock' | 'random' | 'connection' | 'execute'>,
  userId: () => string | null,
): ViewerStore {
  const { clock, execute } = context;
  const store = createStore<User | null>(null);
  const loader = createRetrying(
    context,
    async () => store.set((await execute(meQuery, {})).me),
    () => {},
  );
  return {
    store,
    load() {
      // A server token that acts for nobody has no user to ask for.
      if (store.get() === null && userId() !== null) loader.run();
    },
    user() {
      const id = userId();
      return store.get() ?? (id === null ? null : nameless(id, new Date(clock.now()).toISOString()));
    },
    changed(user) {
      store.update((known) => known && newerUser(user)(known));
    },
    async update(input) {
      const { updateMe } = await execute(updateMeMutation, { input });
      store.set(updateMe);
      return updateMe;
    },
  };
}

const nameless = (id: string, at: string): User => ({
  id,
  name: null,
  image: null,
  role: 'user',
  custom: {},
  online: true,
  lastActiveAt: null,
  createdAt: at,
  updatedAt: at,
  deletedAt: null,
});
