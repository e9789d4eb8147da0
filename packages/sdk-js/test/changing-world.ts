import { type Message, ParleyError, type Reaction } from '@parley/contracts';
import { at, FakeChannel, user } from './fake-channel.ts';
import { createWorld } from './world.ts';

interface Input {
  readonly messageId: string;
  readonly text?: string;
  readonly custom?: Message['custom'];
  readonly type?: string;
  readonly hard?: boolean;
}

/** Ada's client with one message of hers on a server that does what it is asked. */
export async function liveWorld() {
  const world = createWorld();
  const { network } = world;
  const server = new FakeChannel(network);
  const first = server.send('ada', { text: 'hello' });
  const asked: string[] = [];
  /** Names of operations whose next answer is lost after the server did the work. */
  const lost: string[] = [];
  let refusal: ParleyError | null = null;
  const on = (name: string, work: (message: Message, input: Input) => Message) =>
    network.handlers.set(name, ({ variables }) => {
      const input = variables['input'] as Input;
      asked.push(`${name} ${input.text ?? input.type ?? ''}`.trim());
      if (refusal !== null) throw refusal;
      const message = server.messages.find(({ id }) => id === input.messageId);
      if (message === undefined) throw new ParleyError('not_found', 'unable to change message; there is none');
      const changed = work(message, input);
      server.messages = server.messages.map((one) => (one.id === changed.id ? changed : one));
      if (name === 'updateMessage')
        server.append({ __typename: 'MessageUpdated', message: changed, actor: user('ada') }, lost[0] !== name);
      if (lost[0] === name) {
        lost.shift();
        throw new ParleyError('timeout', 'unable to answer in time; the outcome is unknown');
      }
      return { [name]: changed };
    });
  on('updateMessage', (message, { text, custom }) => ({
    ...message,
    text: text ?? message.text,
    custom: custom ?? message.custom,
    editedAt: at,
  }));
  on('deleteMessage', (message) => ({ ...message, text: '', deletedAt: at }));
  const own = (message: Message, ...ownReactions: Reaction[]): Message => ({ ...message, ownReactions });
  on('addReaction', (message, { type = '' }) => own(message, { type, user: user('ada'), score: 1, createdAt: at }));
  on('removeReaction', (message) => own(message));
  const channel = world.client.channel(server.id);
  channel.watch();
  await world.settle();
  return {
    ...world,
    server,
    channel,
    first,
    asked,
    lost,
    shown: () => channel.messages.get().items[0],
    refuse: (error: ParleyError | null) => {
      refusal = error;
    },
    goOffline() {
      network.acceptHttp = false;
      network.acceptSockets = false;
      network.socket.drop();
    },
    async goOnline() {
      network.acceptHttp = true;
      network.acceptSockets = true;
      await world.clock.advanceAsync(30_000);
    },
  };
}
