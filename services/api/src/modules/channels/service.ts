import type {
  Channel,
  ChannelDeleted,
  ChannelFilter,
  ChannelSort,
  ChannelUpdated,
  JsonObject,
  User,
} from '@parley/contracts';
import { ParleyError, parseChannelId } from '@parley/contracts';
import { parseChannelFilter, parseChannelSort, parseWith, profileChange } from '@parley/schemas';
import { canonicalJson } from '@parley/service-kit';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { ChannelLog } from '../../platform/channel-log.ts';
import type { Page } from '../../platform/page.ts';
import { pageSize } from '../../platform/page.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { Sql } from '../../platform/sql.ts';
import type { UsersService } from '../users/index.ts';
import type { ChannelAccessService } from './access.ts';
import { defaultSort, pageChannels } from './channel-page.ts';
import { createChannel } from './create-channel.ts';
import type { CreateChannelInput } from './create-input.ts';
import { newChannelOf } from './create-input.ts';
import type { Memberships } from './memberships.ts';
import { loadChannels } from './repository.ts';

export interface ChannelsQuery {
  readonly filter?: ChannelFilter | null | undefined;
  readonly sort?: readonly ChannelSort[] | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** Omitted fields are unchanged; null clears. */
export interface UpdateChannelInput {
  readonly channelId: string;
  readonly name?: string | null | undefined;
  readonly image?: string | null | undefined;
  readonly custom?: JsonObject | null | undefined;
}

export interface ChannelsService {
  /** Of these ids, the channels that are there and that the actor may read; two statements. */
  readableAmong(actor: Actor, ids: readonly string[]): Promise<Map<string, Channel>>;
  /** Null when there is none or the actor may not read it. @throws invalid_input */
  get(actor: Actor, id: string): Promise<Channel | null>;
  /** Channels that the actor may read. @throws invalid_input */
  list(actor: Actor, query: ChannelsQuery): Promise<Page<Channel>>;
  /**
   * Gets the channel or creates it; the creator becomes its owner, unless it is a direct conversation of several. What is said of a channel that
   * exists must be true of it. Who left a direct conversation joins it again.
   * @throws forbidden, conflict, invalid_input
   */
  create(actor: Actor, input: CreateChannelInput): Promise<Channel>;
  /** @throws forbidden, invalid_input */
  update(actor: Actor, input: UpdateChannelInput): Promise<Channel>;
  /** Its log stays readable for those who have to learn of the end; its id is not used again. @throws forbidden */
  remove(actor: Actor, input: { readonly channelId: string }): Promise<Channel>;
  /** Channels by id, in one statement; deleted and unknown ones are absent. The caller has made sure that they may be read. */
  byIds(appId: string, ids: readonly string[]): Promise<Map<string, Channel>>;
  /** The channel as it is now. The caller has made sure that it may be read. @throws not_found */
  present(appId: string, id: string): Promise<Channel>;
}

export interface ChannelsDependencies {
  readonly sql: Sql;
  readonly log: ChannelLog;
  readonly access: ChannelAccessService;
  readonly memberships: Memberships;
  readonly users: Pick<UsersService, 'byIds' | 'checkNamed'>;
  readonly publisher: Pick<Publisher, 'ephemeral'>;
}

export function createChannels(dependencies: ChannelsDependencies): ChannelsService {
  const { sql, log, access, users } = dependencies;

  async function present(appId: string, id: string): Promise<Channel> {
    const channel = (await loadChannels(sql, appId, [id])).get(id);
    if (channel === undefined)
      throw new ParleyError('not_found', `unable to read the channel; there is no channel ${id}`);
    return channel;
  }

  async function actingUser(actor: Actor): Promise<User | null> {
    const id = viewerOf(actor);
    return id === null ? null : ((await users.byIds(actor.appId, [id])).get(id) ?? null);
  }

  const readableAmong: ChannelsService['readableAmong'] = async (actor, ids) => {
    const [seen, channels] = await Promise.all([access.capabilities(actor, ids), loadChannels(sql, actor.appId, ids)]);
    return new Map([...channels].filter(([id]) => seen.get(id)?.capabilities.has('read-channel') === true));
  };

  return {
    present,
    byIds: (appId, ids) => loadChannels(sql, appId, ids),

    async get(actor, id) {
      const channelId = parseChannelId(id, 'id');
      return (await readableAmong(actor, [channelId])).get(channelId) ?? null;
    },
    readableAmong,

    async list(actor, { filter, sort, first, after }) {
      return pageChannels(sql, actor, {
        filter: filter ? parseChannelFilter(filter) : null,
        sort: sort?.length ? parseChannelSort(sort) : defaultSort,
        first: pageSize(first),
        after: after ?? null,
      });
    },

    async create(actor, input) {
      const checked = newChannelOf(actor, input);
      return createChannel({ ...dependencies, present }, actor, checked, await actingUser(actor));
    },

    async update(actor, input) {
      const channelId = parseChannelId(input.channelId);
      const wanted = parseWith(profileChange, input);
      await access.check(actor, channelId, 'update-channel');
      const actorUser = await actingUser(actor);
      return log.write(actor.appId, channelId, {
        run: async (tx) => {
          const before = (await loadChannels(tx.sql, actor.appId, [channelId])).get(channelId);
          if (before === undefined)
            throw new ParleyError('not_found', `unable to update channel; there is no channel ${channelId}`);
          // The row is written when the transaction ends, so what earlier work in it changed is in `tx.channel` only.
          const { name, image, custom, memberCount, lastMessageAt, seq, updatedAt } = tx.channel;
          const current: Channel = { ...before, name, image, custom, memberCount, lastMessageAt, seq, updatedAt };
          const channel: Channel = { ...current, ...wanted };
          if (canonicalJson(channel) === canonicalJson(current)) return current;
          const updated = { ...channel, updatedAt: tx.at, seq: tx.nextSeq };
          tx.patch({ ...wanted, updatedAt: tx.at });
          return tx.append<ChannelUpdated>({ __typename: 'ChannelUpdated', actor: actorUser, channel: updated })
            .channel;
        },
      });
    },

    async remove(actor, input) {
      const channelId = parseChannelId(input.channelId);
      await access.check(actor, channelId, 'delete-channel');
      const [actorUser, channel] = await Promise.all([actingUser(actor), present(actor.appId, channelId)]);
      return log.write(actor.appId, channelId, {
        run: async (tx) => {
          const event = tx.append<ChannelDeleted>({ __typename: 'ChannelDeleted', actor: actorUser });
          tx.patch({ deletedAt: tx.at, updatedAt: tx.at });
          return { ...channel, seq: event.seq, updatedAt: event.at };
        },
      });
    },
  };
}
