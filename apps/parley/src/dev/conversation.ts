import { createHash } from 'node:crypto';
import type { ServerClient } from '@parley/sdk-server';

/** Who is there when the platform starts for the first time. */
export const people = [
  { id: 'ada', name: 'Ada Lovelace' },
  { id: 'bob', name: 'Bob Kahn' },
  { id: 'grace', name: 'Grace Hopper' },
] as const;

/** The simulated peer. */
export const peerId = 'grace';

interface SeededChannel {
  readonly key: string;
  readonly name: string;
  readonly messages: readonly SeededMessage[];
}

interface SeededMessage {
  readonly from: string;
  readonly text: string;
  readonly reactions?: Readonly<Record<string, string>>;
}

const channels: readonly SeededChannel[] = [
  {
    key: 'museum',
    name: 'Museum trip',
    messages: [
      { from: 'bob', text: 'Is anyone up for the science museum on Saturday?' },
      { from: 'ada', text: 'Yes! I hear that they have the difference engine running again.' },
      { from: 'bob', text: 'Then it is settled. Ten at the entrance?', reactions: { grace: '👍' } },
    ],
  },
  {
    key: 'welcome',
    name: 'Welcome to Parley',
    messages: [
      {
        from: 'grace',
        text: 'Welcome! Everything you see here runs on your own machine, with a real database underneath.',
      },
      { from: 'ada', text: 'So these messages are still here after a restart?' },
      {
        from: 'grace',
        text: 'They are. Open this page in a second browser as somebody else, and write: it arrives at once.',
        reactions: { ada: '❤️', bob: '❤️' },
      },
      { from: 'bob', text: 'And if I was away?' },
      { from: 'grace', text: 'Then you get what you missed, in order and exactly once. Say hello, I answer!' },
    ],
  },
];

/** Creates whoever of {@link people} is missing; names that were changed stay. */
export async function seedPeople(server: ServerClient): Promise<void> {
  const { users } = await server.execute<{ users: { nodes: { id: string }[] } }>(
    'query People($ids: [ID!]!) { users(filter: { id: { in: $ids } }) { nodes { id } } }',
    { ids: people.map(({ id }) => id) },
  );
  const known = new Set(users.nodes.map(({ id }) => id));
  const missing = people.filter(({ id }) => !known.has(id));
  if (missing.length > 0) await server.upsertUsers(missing);
}

/** Writes the seeded conversations. A start that was cut short is made complete by the next one; nothing is doubled. */
export async function seedConversations(server: ServerClient, appId: string): Promise<void> {
  for (const channel of channels) await seedChannel(server, appId, channel);
}

async function seedChannel(server: ServerClient, appId: string, { key, name, messages }: SeededChannel): Promise<void> {
  const channelId = `messaging:${key}`;
  const { channel } = await server.execute<{ channel: { seq: number } | null }>(
    'query Head($id: ID!) { channel(id: $id) { seq } }',
    { id: channelId },
  );
  const reactions = messages.flatMap(({ reactions }, index) =>
    Object.entries(reactions ?? {}).map(([from, type]) => ({
      from,
      type,
      messageId: seededId(appId, channelId, index),
    })),
  );
  // The members, each message and each reaction are an event of the log, which only grows: a head this far says that all were written once.
  if (channel !== null && channel.seq >= 1 + messages.length + reactions.length) return;
  if (channel === null) {
    const memberIds = people.map(({ id }) => id);
    await server.createChannel({ type: 'messaging', key, name, memberIds }, { asUser: peerId });
  }
  for (const [index, { from, text }] of messages.entries()) {
    await server.sendMessage(from, { channelId, id: seededId(appId, channelId, index), text });
  }
  for (const { from, type, messageId } of reactions) {
    await server.execute(
      'mutation React($input: AddReactionInput!) { addReaction(input: $input) { id } }',
      { input: { messageId, type } },
      { asUser: from },
    );
  }
}

/** The same UUID at every start: sending it again is the same message. */
function seededId(appId: string, channelId: string, index: number): string {
  const hex = createHash('sha256').update(`${appId}/${channelId}/${index}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
