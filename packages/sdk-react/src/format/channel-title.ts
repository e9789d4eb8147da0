import type { ChannelData, Member, User } from '@parley/sdk-js';
import { nameOf, type Strings } from '../strings.ts';
import { isolated, isVisible, oneLine } from './one-line.ts';

export interface ChannelTitle {
  readonly title: string;
  readonly image: string | null;
  /** What the colour of a missing picture is made from. */
  readonly seed: string;
  /** The other person, in a conversation of two without a name of its own. */
  readonly peer: User | null;
}

const namesInTitle = 3;

/** What a channel is called for one viewer: its name, else those of the others in it, else its key. */
export function channelTitle(
  { data, members }: { readonly data: ChannelData; readonly members: readonly Member[] },
  userId: string | null,
  strings: Strings,
): ChannelTitle {
  const others = members.filter(({ user }) => user.id !== userId).map(({ user }) => user);
  const name = oneLine(data.name ?? '');
  if (isVisible(name)) return { title: name, image: data.image, seed: data.id, peer: null };
  const peer = data.memberCount === 2 && others.length === 1 ? (others[0] ?? null) : null;
  if (peer !== null) return { title: nameOf(peer, strings), image: data.image ?? peer.image, seed: peer.id, peer };
  const shown = others.slice(0, namesInTitle).map((user) => isolated(nameOf(user, strings)));
  const more = others.length > shown.length ? '…' : '';
  return { title: shown.length > 0 ? shown.join(', ') + more : data.key, image: data.image, seed: data.id, peer: null };
}
