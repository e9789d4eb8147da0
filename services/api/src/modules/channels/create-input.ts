import type { JsonObject } from '@parley/contracts';
import { invalidInput, limits, ParleyError } from '@parley/contracts';
import { channelKey, channelType, customData, name, orNull, parseWith, userId, webUrl } from '@parley/schemas';
import { z } from 'zod';
import { userCreatableTypes } from '../../domain/grants.ts';
import { isAllPowerful } from '../../domain/permissions.ts';
import type { Actor } from '../../platform/actor.ts';
import { viewerOf } from '../../platform/actor.ts';

export interface CreateChannelInput {
  readonly type: string;
  readonly key?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly image?: string | null | undefined;
  readonly custom?: JsonObject | null | undefined;
  readonly memberIds?: readonly string[] | null | undefined;
}

const createInput = z.object({
  type: channelType,
  key: orNull(
    channelKey.refine(
      (key) => !key.startsWith('!'),
      'a key that begins with "!" is made by the platform; leave the "!" out, or the whole key for a direct conversation',
    ),
  ),
  name: orNull(name),
  image: orNull(webUrl),
  custom: orNull(customData),
  memberIds: z.array(userId).nullish(),
});

/** A channel as its creator describes it; omitted fields are null. */
export interface NewChannel extends Omit<z.output<typeof createInput>, 'memberIds'> {
  /** With the creator, each once. */
  readonly memberIds: readonly string[];
  /** As the input names them. */
  readonly namedIds: readonly string[];
}

/** @throws invalid_input, forbidden */
export function newChannelOf(actor: Actor, input: CreateChannelInput): NewChannel {
  const said = parseWith(createInput, input);
  if (!userCreatableTypes.includes(said.type) && !isAllPowerful(actor)) {
    throw new ParleyError(
      'forbidden',
      `unable to create channel; ${said.type} channels are made by an admin or with a server token`,
      { permission: 'create-channel' },
    );
  }
  const viewer = viewerOf(actor);
  const memberIds = [...new Set([...(viewer === null ? [] : [viewer]), ...(said.memberIds ?? [])])];
  if (memberIds.length > limits.membersPerCall) {
    throw invalidInput(
      'memberIds',
      `a channel starts with up to ${limits.membersPerCall} members; add the others with addMembers`,
      limits.membersPerCall,
    );
  }
  if (said.key === null && memberIds.length === 0)
    throw invalidInput('memberIds', 'without a key a channel is known by its members; name some, or give a key');
  return { ...said, memberIds, namedIds: said.memberIds ?? [] };
}
