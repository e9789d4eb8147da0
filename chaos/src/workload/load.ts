import { type Client, createClient } from '@parley/sdk-js';
import type { ClientView, HeldMessage, InboxView } from '../checker/state.ts';
import type { History } from '../history.ts';
import type { Random } from '../random.ts';
import type { Sizes } from '../sizes.ts';
import type { Tenant } from '../world/tenant.ts';
import type { Place } from '../world/world.ts';
import { openBareClient } from './bare-client.ts';
import { type Cast, castOf } from './cast.ts';
import { populate } from './populate.ts';
import { startReader } from './reader.ts';
import { trackChannel } from './track-channel.ts';
import { startWriter } from './writer.ts';

/** People of one app who write and read. */
export interface Load {
  readonly tenant: Tenant;
  readonly cast: Cast;
  /** The SDK's clients, by user id. */
  readonly clients: ReadonlyMap<string, Client>;
  /** Lets everybody begin. */
  start(): void;
  /** One message of each writer in each channel. */
  greet(): void;
  /** Nothing more is begun; resolves when it is known what became of all that was. */
  finish(): Promise<void>;
  views(): ClientView[];
  inboxes(): InboxView[];
  close(): void;
}

export interface LoadOptions {
  readonly tenant: Tenant;
  readonly places: readonly Place[];
  readonly sizes: Sizes;
  readonly history: History;
  readonly random: Random;
}

/** Every third writer sends by plain requests, every third subscriber looks at the inbox too. */
const third = 3;
/** Subscribers mark as read at this share of the writers' pace. */
const readingPace = 0.1;
const openAtOnce = 10;

/** Makes the app's people and channels and connects everybody; resolves when all is followed and nothing has been written yet. */
export async function openLoad(options: LoadOptions): Promise<Load> {
  const { tenant, places, sizes, history, random } = options;
  const { appId } = tenant;
  const cast = castOf(sizes);
  await populate(tenant, cast);

  const placeOf = (index: number): Place => {
    const place = places[index % places.length];
    if (place === undefined) throw new Error('unable to connect anybody; the world has no place for clients');
    return place;
  };
  const clients = new Map<string, Client>();
  const sdkPeople = [...cast.writers, ...cast.subscribers.filter(({ via }) => via === 'sdk')];
  const bareClients = cast.subscribers
    .filter(({ via }) => via === 'bare')
    .map(({ userId, channelIds }, index) =>
      openBareClient({
        url: placeOf(index).subscriptionsUrl,
        token: () => tenant.token(userId),
        appId,
        userId,
        channelIds,
        history,
        random: random.fork(`bare ${userId}`),
        refused: (detail) => history.complaints.push(detail),
      }),
    );
  const waiting = sdkPeople.map((person, index) => ({ person, place: placeOf(index) }));
  const openNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { userId, channelIds } = next.person;
      const client = createClient({ ...next.place, getToken: () => tenant.token(userId), logLevel: 'silent' });
      clients.set(userId, client);
      await Promise.all(channelIds.map((id) => trackChannel(history, client.channel(id), { appId, userId })));
    }
  };
  const close = (): void => {
    for (const client of clients.values()) client.disconnect();
    for (const client of bareClients) client.close();
  };
  try {
    await Promise.all(Array.from({ length: openAtOnce }, openNext));
    await Promise.all(bareClients.map((client) => client.ready()));
  } catch (error) {
    close();
    throw error;
  }

  const clientOf = (userId: string): Client => {
    const client = clients.get(userId);
    if (client === undefined) throw new Error(`unable to use the client of ${userId}; there is none`);
    return client;
  };
  const sdkSubscribers = cast.subscribers.filter(({ via }) => via === 'sdk');
  const inboxOwners = sdkSubscribers.filter((_, index) => index % third === 0);
  for (const { userId } of inboxOwners) clientOf(userId).inbox.watch();

  let people: { finish(): Promise<void>; greet(): void }[] = [];
  return {
    tenant,
    cast,
    clients,
    start() {
      const writers = cast.writers.map((role, index) =>
        startWriter({
          role,
          appId,
          client: clientOf(role.userId),
          http:
            index % third === third - 1 ? { url: placeOf(index).url, token: () => tenant.token(role.userId) } : null,
          foreignChannelId: cast.channels.find(({ memberIds }) => !memberIds.includes(role.userId))?.id ?? null,
          pace: sizes.pace,
          history,
          random: random.fork(`writer ${role.userId}`),
        }),
      );
      const readers = sdkSubscribers.map(({ userId, channelIds }) =>
        startReader({
          appId,
          userId,
          channels: channelIds.map((id) => clientOf(userId).channel(id)),
          pace: sizes.pace * readingPace,
          history,
          random: random.fork(`reader ${userId}`),
        }),
      );
      people = [...writers, ...readers];
    },
    greet() {
      for (const person of people) person.greet();
    },
    finish: async () => void (await Promise.all(people.map((person) => person.finish()))),
    views: () =>
      sdkPeople.flatMap(({ userId, channelIds }) =>
        channelIds.map((channelId) => viewOf(clientOf(userId), { appId, userId, channelId })),
      ),
    inboxes: () =>
      inboxOwners.map(({ userId }) => {
        const { totalUnread, unreadChannels } = clientOf(userId).inbox.get();
        return { appId, userId, totalUnread, unreadChannels };
      }),
    close,
  };
}

/** What a client shows of one channel. */
export function viewOf(client: Client, place: { appId: string; userId: string; channelId: string }): ClientView {
  const channel = client.channel(place.channelId);
  const { items, hasOlder } = channel.messages.get();
  const { count, readSeq } = channel.unread.get();
  return {
    ...place,
    status: channel.state.get().status,
    messages: items
      // What failed for good is the writer's alone to see.
      .filter(({ status }) => status !== 'failed')
      .map(
        ({ id, seq, text, deletedAt, reactionGroups }): HeldMessage => ({
          id,
          seq,
          text,
          deleted: deletedAt !== null,
          reactions: reactionGroups.map(({ type, count: times }) => `${type}×${times}`).sort(),
        }),
      ),
    hasOlder,
    reads: channel.reads.get(),
    readSeq,
    unread: count,
  };
}
