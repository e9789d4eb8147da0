import type { User } from '@parley/contracts';
import { useEffect, useState } from 'react';
import { useStrings } from '../provider/parley-context.ts';
import { reasonOf } from '../strings.ts';
import { useClient } from './use-client.ts';
import { useMyId } from './use-me.ts';

export type People =
  | { readonly status: 'loading'; readonly users: readonly User[] }
  | { readonly status: 'ready'; readonly users: readonly User[] }
  | { readonly status: 'failed'; readonly users: readonly User[]; readonly reason: string };

const typingPauseMs = 200;
const peopleShown = 50;

/** Other users of the app whose name holds the words, or whose id begins with them; all of them, by name, for no words. */
export function usePeople(words: string): People {
  const client = useClient();
  const strings = useStrings();
  const userId = useMyId();
  const [people, setPeople] = useState<People>({ status: 'loading', users: [] });

  useEffect(() => {
    let current = true;
    const search = async () => {
      const filter = words === '' ? {} : { filter: { search: words } };
      const page = await client.users({ ...filter, sort: [{ field: 'NAME', direction: 'ASC' }], first: peopleShown });
      const users = page.items.filter((user) => user.id !== userId && user.deletedAt === null);
      if (current) setPeople({ status: 'ready', users });
    };
    const begin = () => {
      search().catch((error: unknown) => {
        const reason = reasonOf(error, strings);
        if (current) setPeople({ status: 'failed', users: [], reason });
      });
    };
    const timer = setTimeout(begin, words === '' ? 0 : typingPauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, strings, userId, words]);
  return people;
}
