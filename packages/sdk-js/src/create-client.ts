import { createChannelList } from './channel-list/create-channel-list.ts';
import type { Channel } from './channels/channel.ts';
import type { OpenChannel } from './channels/open-channel.ts';
import { openChannel } from './channels/open-channel.ts';
import type { Client, ClientOptions } from './client.ts';
import { createConnection } from './connection/driver.ts';
import { openSseLink } from './connection/sse-link.ts';
import type { ConnectionState } from './connection/state.ts';
import { createTokens } from './connection/tokens.ts';
import { createTransports } from './connection/transports.ts';
import { untilConnected } from './connection/until-connected.ts';
import { openWebSocketLink } from './connection/websocket-link.ts';
import type { Context } from './context.ts';
import { endpointsOf } from './endpoints.ts';
import type { Host } from './host.ts';
import { hostOf } from './host.ts';
import { createInbox } from './inbox/create-inbox.ts';
import { createEmitter } from './lib/emitter.ts';
import type { Log } from './lib/log.ts';
import { createLog } from './lib/log.ts';
import { createChannelMutation, usersQuery } from './operations/documents.ts';
import { createExecutor } from './operations/execute.ts';
import { createHttp } from './operations/http.ts';
import { createSubscribe } from './operations/subscriptions.ts';
import { createOwnOperations } from './operations/version-skew.ts';
import { createPresence } from './presence/create-presence.ts';
import { createViewer } from './users/viewer.ts';

/** Makes a client. Nothing is opened before the first need. @throws invalid_input */
export function createClient(options: ClientOptions): Client {
  return composeClient(options, hostOf(options));
}

/** Joins the parts. The host comes in, so that tests bring their own time and network. @throws invalid_input */
export function composeClient(options: ClientOptions, host: Host): Client {
  const { clock, fetch, WebSocket } = host;
  const { url, subscriptionsUrl } = endpointsOf(options);
  const log = createLog(options);
  const tokens = createTokens({ ...options, clock, log });
  const http = createHttp({ url, fetch });
  const streams = createHttp({ url: subscriptionsUrl.replace(/^ws/, 'http'), fetch });
  const transports = createTransports({
    mode: options.transport ?? 'auto',
    websocket:
      WebSocket === null
        ? null
        : (token, events) => openWebSocketLink({ WebSocket, url: subscriptionsUrl, clock }, token, events),
    sse: (token, events) => openSseLink({ http, streams, clock }, token, events),
  });
  const connection = createConnection({ ...host, tokens, transports });
  const common = { ...host, log, connection };
  const { execute, abortAll } = createExecutor({ ...common, http, tokens });
  const subscribe = createSubscribe(common);
  const own = createOwnOperations({ execute, subscribe, log });

  const userId = (): string | null => tokens.userId;
  const parts = { ...common, ...own };
  const viewer = createViewer(parts, userId);
  const context: Context = { ...parts, viewer: { id: userId, user: viewer.user, changed: viewer.changed } };
  const inbox = createInbox(context);
  const presence = createPresence(context);
  const changed = createEmitter<OpenChannel>();
  const channels = new Map<string, OpenChannel>();

  const channel = (id: string): Channel => {
    const known = channels.get(id) ?? openChannel(context, id, changed.emit);
    channels.set(id, known);
    return known.handle;
  };

  // The list of what this client itself keeps lives as long as it; nobody else could unsubscribe them.
  connection.state.subscribe(() => {
    logState(log, connection.state.get());
    if (connection.state.get().name !== 'connected') return;
    viewer.load();
    for (const open of channels.values()) open.retryNow();
  });
  inbox.on((event) => {
    if (event.__typename === 'InboxUserUpdated') viewer.changed(event.user);
    if (event.__typename === 'ChannelJoined') channels.get(event.channel.id)?.joined();
    if (event.__typename !== 'ChannelBumped') return;
    channels.get(event.channelId)?.correctUnread(event.seq, event.unreadCount, event.unreadMentions);
  });

  return {
    connection: connection.state,
    me: viewer.store,
    get userId() {
      return userId();
    },
    connect: () => untilConnected(clock, connection),
    disconnect() {
      connection.stop();
      abortAll();
      for (const open of channels.values()) open.stop();
    },
    execute,
    subscribe,
    channel,
    async createChannel(input) {
      const answer = await own.execute(createChannelMutation, { input });
      const handle = channel(answer.createChannel.id);
      // Opening a direct conversation is how one who left it comes back.
      channels.get(handle.id)?.joined();
      return handle;
    },
    channels: (query = {}) =>
      createChannelList({
        ...context,
        query,
        inbox,
        onChanged: changed.on,
        live(id) {
          const open = channels.get(id);
          return open?.handle.state.get().status === 'live' ? open : null;
        },
      }),
    inbox,
    presence,
    updateMe: viewer.update,
    async users(query = {}) {
      const { users } = await own.execute(usersQuery, { ...query });
      return { items: users.nodes, hasMore: users.pageInfo.hasNextPage, cursor: users.pageInfo.endCursor };
    },
  };
}

function logState(log: Log, state: ConnectionState): void {
  const { name } = state;
  if (name === 'failed') log('error', 'the connection was refused', { code: state.reason.code });
  else if (name === 'waiting')
    log('info', 'the connection was lost', { attempt: state.attempt, retryInMs: state.delayMs });
  else
    log(
      name === 'connected' ? 'info' : 'debug',
      `the connection is ${name}`,
      'sessionId' in state ? { sessionId: state.sessionId } : {},
    );
}
