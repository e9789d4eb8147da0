import type { ChannelTypeName, JsonObject } from '@parley/contracts';
import {
  channelTypes,
  invalidInput,
  isChannelType,
  limits,
  ParleyError,
  parseChannelKey,
  parseUserId,
} from '@parley/contracts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';
import { isAllPowerful } from './access.ts';
import { checkedCustom, checkedName, checkedUrl } from './field-rules.ts';
import { userCreatableTypes } from './grants.ts';

export interface CreateChannelInput {
  readonly type: string;
  readonly key?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly image?: string | null | undefined;
  readonly custom?: JsonObject | null | undefined;
  readonly memberIds?: readonly string[] | null | undefined;
}

/** A wish for a channel, checked; null is what was not said. */
export interface ChannelWish {
  readonly type: ChannelTypeName;
  readonly key: string | null;
  readonly name: string | null;
  readonly image: string | null;
  readonly custom: JsonObject | null;
  /** With the creator, each once. */
  readonly memberIds: readonly string[];
}

/** @throws invalid_input, forbidden */
export function checkedWish(actor: Actor, input: CreateChannelInput): ChannelWish {
  if (!isChannelType(input.type)) throw invalidInput('type', `a channel type is one of ${channelTypes.join(', ')}`);
  if (!userCreatableTypes.includes(input.type) && !isAllPowerful(actor)) {
    throw new ParleyError(
      'forbidden',
      `unable to create channel; ${input.type} channels are made by an admin or with a server token`,
      {
        permission: 'create-channel',
      },
    );
  }
  const viewer = viewerOf(actor);
  const named = (input.memberIds ?? []).map((id, index) => parseUserId(id, `memberIds.${index}`));
  const memberIds = [...new Set([...(viewer === null ? [] : [viewer]), ...named])];
  if (memberIds.length > limits.membersPerCall) {
    throw invalidInput(
      'memberIds',
      `a channel starts with up to ${limits.membersPerCall} members; add the others with addMembers`,
      limits.membersPerCall,
    );
  }
  const key = input.key === null || input.key === undefined ? null : parseChannelKey(input.key);
  if (key?.startsWith('!'))
    throw invalidInput('key', 'a key that begins with "!" is made from the members; leave the key out');
  if (key === null && memberIds.length === 0)
    throw invalidInput('memberIds', 'without a key a channel is known by its members; name some, or give a key');
  return {
    type: input.type,
    key,
    name: checkedName('name', input.name ?? null),
    image: checkedUrl('image', input.image ?? null),
    custom: input.custom ? checkedCustom('custom', input.custom) : null,
    memberIds,
  };
}
