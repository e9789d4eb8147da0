import type { Sizes } from '../sizes.ts';

/** One person and the channels they are busy with. */
export interface Role {
  readonly userId: string;
  readonly channelIds: readonly string[];
}

/** Who takes part. */
export interface Cast {
  readonly writers: readonly Role[];
  readonly subscribers: readonly (Role & { readonly via: 'sdk' | 'bare' })[];
  readonly channels: readonly { readonly id: string; readonly key: string; readonly memberIds: readonly string[] }[];
}

/** Spreads people over channels evenly. Every app has the same names, so that what crosses finds somebody to arrive at. */
export function castOf(sizes: Sizes): Cast {
  const keys = Array.from({ length: sizes.channels }, (_, index) => `c${index}`);
  const idOf = (key: string): string => `messaging:${key}`;
  const some = (first: number, count: number): string[] =>
    Array.from({ length: count }, (_, index) => idOf(keys[(first * count + index) % keys.length] ?? ''));
  const writers = Array.from({ length: sizes.writers }, (_, index) => ({
    userId: `w${index}`,
    channelIds: some(index, sizes.channelsPerWriter),
  }));
  const subscribers = Array.from({ length: sizes.subscribers }, (_, index) => ({
    userId: `s${index}`,
    channelIds: some(index, sizes.channelsPerSubscriber),
    via: index < sizes.bareSubscribers ? ('bare' as const) : ('sdk' as const),
  }));
  const everybody: Role[] = [...writers, ...subscribers];
  const channels = keys.map((key) => ({
    id: idOf(key),
    key,
    memberIds: everybody.filter(({ channelIds }) => channelIds.includes(idOf(key))).map(({ userId }) => userId),
  }));
  return { writers, subscribers, channels };
}
