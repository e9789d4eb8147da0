import type { AppSettings, Channel, JsonObject, LoggedEvent, Message } from '@parley/contracts';
import type { ExecuteOptions, World, WorldApp } from './world.ts';

export const messageFields = `id channelId seq kind text parentId replyCount user { id name } mentionedUsers { id } custom
  attachments { id type url title size custom } quoted { id text quoted { id } } reactionGroups { type count sumScores }
  ownReactions { type score } createdAt editedAt deletedAt`;
const settingsFields = 'usersMayCreateUsers userVisibility presenceVisible';
export const channelFields = 'id type key name image custom seq memberCount lastMessageAt updatedAt createdBy { id }';

/** The mutations that take one input and give an object, with what the tests look at. */
const mutations = {
  createChannel: ['CreateChannelInput', channelFields],
  updateChannel: ['UpdateChannelInput', channelFields],
  deleteChannel: ['DeleteChannelInput', channelFields],
  addMembers: ['AddMembersInput', `${channelFields} members { nodes { role custom user { id } } }`],
  removeMembers: ['RemoveMembersInput', `${channelFields} members { nodes { role user { id } } }`],
  sendMessage: ['SendMessageInput', messageFields],
  updateMessage: ['UpdateMessageInput', messageFields],
  deleteMessage: ['DeleteMessageInput', messageFields],
  addReaction: ['AddReactionInput', messageFields],
  removeReaction: ['RemoveReactionInput', messageFields],
  markRead: ['MarkReadInput', 'readSeq readAt unreadCount user { id }'],
  setTyping: ['SetTypingInput', ''],
} as const;
export type MutationName = keyof typeof mutations;

const documentOf = (name: MutationName): string => {
  const [input, fields] = mutations[name];
  return `mutation ($input: ${input}!) { ${name}(input: $input)${fields === '' ? '' : ` { ${fields} }`} }`;
};

/** What the API said no with. */
export interface Refusal {
  readonly message?: string;
  readonly code?: string;
  readonly field?: string;
  readonly limit?: number;
  readonly permission?: string;
}

/** An app with the users ada, bob and eve, and what each does in it. */
export interface Room {
  readonly app: WorldApp;
  /** Runs a mutation as a user; default ada. `server`: with a server token. A channel with a key is made by the back end in the user's name. */
  act<Value = Message>(name: MutationName, input: JsonObject, user?: string): Promise<Value>;
  refused(name: MutationName, input: JsonObject, user?: string): Promise<Refusal>;
  query<Data>(document: string, variables?: JsonObject, user?: string): Promise<Data>;
  /** Changes the settings of the app, with a server token. */
  settings(change: Partial<AppSettings>): Promise<AppSettings>;
  events(channelId: string, after?: number): Promise<readonly LoggedEvent[]>;
  /** Makes the channel `messaging:<key>` with ada as its owner. */
  open(key: string, memberIds?: readonly string[]): Promise<string>;
}

const as = (user: string): ExecuteOptions => (user === 'server' ? {} : { as: { user } });

export async function createRoom(world: World): Promise<Room> {
  const app = await world.app();
  await app.users('ada', 'bob', 'eve');
  const act = async <Value>(name: MutationName, input: JsonObject, user = 'ada'): Promise<Value> => {
    // A key that a user chooses is in a space of its own; back ends make the channels that tests know by their ids, in the user's name.
    const named = name === 'createChannel' && 'key' in input && user !== 'server';
    const options = named ? { as: { token: await app.serverToken(user) } } : as(user);
    const data = await app.data<{ [Name in MutationName]: Value }>(documentOf(name), { input }, options);
    return data[name];
  };
  return {
    app,
    act,
    async refused(name, input, user = 'ada') {
      const { errors, data } = await app.execute(documentOf(name), { input }, as(user));
      if (errors?.[0] === undefined) throw new Error(`expected a refusal, got ${JSON.stringify(data)}`);
      return { message: errors[0].message, ...errors[0].extensions };
    },
    async settings(change) {
      const { updateAppSettings } = await app.data<{ updateAppSettings: AppSettings }>(
        `mutation ($input: UpdateAppSettingsInput!) { updateAppSettings(input: $input) { ${settingsFields} } }`,
        { input: change },
      );
      return updateAppSettings;
    },
    query: <Data>(document: string, variables: JsonObject = {}, user = 'ada') =>
      app.data<Data>(document, variables, as(user)),
    async events(channelId, after = 0) {
      return (await world.call('channel.events', { appId: app.appId, channelId, after, limit: 100 })).events;
    },
    async open(key, memberIds = ['bob']) {
      return (await act<Channel>('createChannel', { type: 'messaging', key, memberIds })).id;
    },
  };
}
