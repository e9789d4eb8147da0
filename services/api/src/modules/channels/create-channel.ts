import type { Channel, User } from '@parley/contracts';
import { channelIdOf, ParleyError } from '@parley/contracts';
import { canonicalJson } from '@parley/service-kit';
import { distinctKeyOf, keyOfDistinct, keyOfUser } from '../../domain/distinct-key.ts';
import { featuresOf } from '../../domain/grants.ts';
import { isAllPowerful } from '../../domain/permissions.ts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import type { ChannelLog, ChannelTransaction } from '../../platform/channel-log.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { Sql } from '../../platform/sql.ts';
import { takenAt } from '../../platform/user-id-taken.ts';
import type { UsersService } from '../users/index.ts';
import type { ChannelAccessService } from './access.ts';
import type { NewChannel } from './create-input.ts';
import type { Memberships } from './memberships.ts';
import { deletedChannels, insertChannel } from './repository.ts';

interface CreateDependencies {
  readonly sql: Sql;
  readonly log: ChannelLog;
  readonly access: ChannelAccessService;
  readonly memberships: Memberships;
  readonly users: Pick<UsersService, 'checkNamed'>;
  readonly publisher: Pick<Publisher, 'ephemeral'>;
  present(appId: string, id: string): Promise<Channel>;
}

/** Deleted channels of the same members, at once; few have more than one. */
const generations = 20;

interface Place {
  readonly id: string;
  readonly key: string;
  readonly distinctKey: string | null;
}

/**
 * Where the channel is, or is to be: under its key, or under that of its members which was not deleted. A key that a user chooses is that of a channel
 * which the user may read, else one of the user's own: so nobody learns by it what there is, or takes what a back end will want.
 */
async function placeOf({ sql, access }: CreateDependencies, actor: Actor, given: NewChannel): Promise<Place> {
  const { appId } = actor;
  const input = { ...given, key: given.key === null ? null : await keyFor(access, actor, given.type, given.key) };
  const distinctKey = input.key === null ? distinctKeyOf(input.memberIds) : null;
  for (let generation = 0; ; generation += generations) {
    const keys =
      distinctKey === null
        ? [input.key ?? '']
        : Array.from({ length: generations }, (_, offset) => keyOfDistinct(distinctKey, generation + offset));
    const places = keys.map((key): Place => ({ id: channelIdOf(input.type, key), key, distinctKey }));
    const deleted = await deletedChannels(
      sql,
      appId,
      places.map(({ id }) => id),
    );
    const free = places.find(({ id }) => !deleted.has(id));
    if (free !== undefined) return free;
    if (distinctKey === null) {
      throw new ParleyError(
        'conflict',
        `unable to create channel; ${input.type}:${given.key} was deleted, choose another key`,
        { field: 'key' },
      );
    }
  }
}

async function keyFor(access: ChannelAccessService, actor: Actor, type: string, key: string): Promise<string> {
  if (isAllPowerful(actor) || actor.kind !== 'user') return key;
  const id = channelIdOf(type, key);
  const seen = await access.capabilities(actor, [id]);
  return seen.get(id)?.capabilities.has('read-channel') ? key : keyOfUser(actor.userId, key);
}

type Outcome =
  | 'created'
  | 'same'
  | 'other'
  | { readonly rejoined: string; readonly readSeq: number; readonly at: string };

/** The channel exists: whether what was said of it is true. Opening a direct conversation is also how somebody who left it comes back. */
async function opened(
  memberships: Memberships,
  tx: ChannelTransaction,
  input: NewChannel,
  { direct, creator }: { readonly direct: boolean; readonly creator: User | null },
): Promise<Outcome> {
  const { name, image, custom } = tx.channel;
  if (input.name !== null && input.name !== name) return 'other';
  if (input.image !== null && input.image !== image) return 'other';
  if (input.custom !== null && canonicalJson(input.custom) !== canonicalJson(custom)) return 'other';
  const members = await memberships.within(tx, input.memberIds);
  // Who left it is still one of those whose conversation it is.
  if (!direct) return input.memberIds.every((id) => members.get(id)?.active) ? 'same' : 'other';
  if (creator === null || !memberships.hasLeft(members.get(creator.id))) return 'same';
  const returning = [{ userId: creator.id, role: 'member', custom: {} }];
  const readSeq = await memberships.add(tx, returning, { joining: 1, actor: creator });
  return { rejoined: creator.id, readSeq, at: tx.at };
}

/** Gets or creates; of several who create at once, one does and the others get. */
export async function createChannel(
  dependencies: CreateDependencies,
  actor: Actor,
  input: NewChannel,
  creator: User | null,
): Promise<Channel> {
  const { log, access, memberships, users, publisher, present } = dependencies;
  const { appId } = actor;
  const place = await placeOf(dependencies, actor, input);
  const direct = place.distinctKey !== null;
  const known = (await access.capabilities(actor, [place.id])).get(place.id);
  // Whether somebody may come back to a direct conversation shows only while it is locked.
  if (known !== undefined && !direct) await access.check(actor, place.id, 'read-channel');
  if (known === undefined)
    await users.checkNamed(actor, input.memberIds, {
      action: 'create channel',
      fieldOf: (id) => `memberIds.${input.namedIds.indexOf(id)}`,
    });
  const owner = viewerOf(actor);
  // Nobody is above the others of a direct conversation, whoever wrote first. What one keeps for oneself is one's own.
  const ownerRole = direct && input.memberIds.length > 1 ? 'member' : 'owner';

  let created = false;
  const outcome = await log
    .write<Outcome>(appId, place.id, {
      async prepare(tx) {
        created = await insertChannel(tx, appId, { ...input, ...place, custom: input.custom ?? {}, createdBy: owner });
      },
      async run(tx) {
        if (!created) return opened(memberships, tx, input, { direct, creator });
        const drafts = input.memberIds.map((userId) => ({
          userId,
          role: userId === owner ? ownerRole : 'member',
          custom: {},
        }));
        await memberships.add(tx, drafts, { joining: drafts.length, actor: creator });
        return 'created';
      },
    })
    .catch(takenAt((id) => `memberIds.${input.namedIds.indexOf(id)}`));
  // Who lost the race to create it must be one who may read what the other made.
  if (outcome !== 'created') await access.check(actor, place.id, 'read-channel');
  if (outcome === 'other') {
    throw new ParleyError(
      'conflict',
      `unable to create channel; ${place.id} exists with another name, image, custom data or members`,
    );
  }
  if (typeof outcome === 'object' && featuresOf[input.type].readReceipts) {
    const { rejoined: userId, readSeq, at } = outcome;
    publisher.ephemeral(appId, { __typename: 'ReadAdvanced', channelId: place.id, at, userId, readSeq });
  }
  return present(appId, place.id);
}
