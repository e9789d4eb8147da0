import {
  type MembersAdded,
  type Message,
  memberIdOf,
  ownValue,
  type PresenceChanged,
  type ReactionAdded,
  type ReactionRemoved,
  reactionIdOf,
  type User,
} from '@parley/contracts';
import { sdl } from '@parley/contracts/sdl';
import { buildSchema, type GraphQLSchema, isObjectType } from 'graphql';

/** The schema that events are rendered with: their fields as the bus brought them, and those that follow from these. */
export function createEventSchema(): GraphQLSchema {
  const schema = buildSchema(sdl);
  const resolve = <Source>(typeName: string, fieldName: string, resolver: (source: Source) => unknown) => {
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? ownValue(type.getFields(), fieldName) : undefined;
    if (field === undefined) throw new TypeError(`unable to make the schema; it has no ${typeName}.${fieldName}`);
    field.resolve = resolver;
  };
  resolve('MembersAdded', 'members', withMemberIds);
  resolve('ReactionAdded', 'reaction', withReactionId);
  resolve('ReactionRemoved', 'reaction', withReactionId);
  resolve('Message', 'quotedId', quotedId);
  resolve('PresenceChanged', 'user', userOfPresence);
  return schema;
}

const withMemberIds = ({ channelId, members }: MembersAdded) =>
  members.map((member) => ({ ...member, id: memberIdOf(channelId, member.user.id) }));

const withReactionId = ({ message, reaction }: ReactionAdded | ReactionRemoved) => ({
  ...reaction,
  id: reactionIdOf(message.id, reaction.user.id, reaction.type),
});

/** API nodes of before do not say it. */
const quotedId = ({ quotedId: said, quoted }: Message): string | null => said ?? quoted?.id ?? null;

const userOfPresence = ({
  userId: id,
  online,
  lastActiveAt,
}: PresenceChanged): Pick<User, 'id' | 'online' | 'lastActiveAt'> => ({ id, online, lastActiveAt });
