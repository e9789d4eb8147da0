import type { Channel, Message, User } from '@parley/contracts';
import { builder } from './builder.ts';

/** What can be asked for by its id alone. */
export type NodeObject = User | Channel | Message;

const typeOf = (node: object): 'Message' | 'Channel' | 'User' => {
  if ('channelId' in node) return 'Message';
  return 'memberCount' in node ? 'Channel' : 'User';
};

/** https://relay.dev/graphql/objectidentification.htm */
export const NodeRef = builder.interfaceRef<Pick<NodeObject, 'id'>>('Node').implement({
  description:
    'An object that `node` gives by its id alone. An id that one object of an app has is refused to every other, of whatever type; a user that your back end makes under the id of a message is the one exception.',
  resolveType: typeOf,
  fields: (t) => ({ id: t.exposeID('id', { description: 'Id of the object.' }) }),
});
