import { createServerClient, type ServerClient } from '@parley/sdk-server';
import { uniqueId } from '@parley/testkit';

/** A platform under attack, and what the attacker was rightly given: a key of one app. */
export interface Target {
  /** `http://host:port`. */
  readonly url: string;
  /** The HTTP endpoint of GraphQL. */
  readonly graphqlUrl: string;
  /** The WebSocket endpoint of GraphQL. */
  readonly socketUrl: string;
  readonly host: string;
  readonly port: number;
  readonly server: ServerClient;
  /** Endpoints of single nodes, where they can be reached: `parley cluster` has them on this machine. */
  readonly nodes: {
    readonly api: readonly string[];
    readonly fanout: readonly string[];
    readonly nats: readonly string[];
  };
  /** Ids of the processes of API and fan-out nodes, whose memory is watched. */
  readonly pids: readonly number[];
  token(userId: string): Promise<string>;
  /** Users with ids that nobody else has, in this order. */
  people(...names: readonly string[]): Promise<readonly Person[]>;
  /** A channel with these members; gives its id. */
  channel(...members: readonly Person[]): Promise<string>;
}

/** A user and a token of theirs. */
export interface Person {
  readonly id: string;
  readonly token: string;
}

/** Where a platform is, and a key of an app of its own for the attacks. */
export interface TargetOptions {
  readonly graphqlUrl: string;
  readonly socketUrl: string;
  readonly keyId: string;
  readonly secret: string;
  readonly nodes?: Target['nodes'];
  readonly pids?: readonly number[];
}

export function createTarget(options: TargetOptions): Target {
  const { graphqlUrl, socketUrl, keyId, secret } = options;
  const { origin, hostname, port } = new URL(graphqlUrl);
  const server = createServerClient({ url: graphqlUrl, keyId, secret });
  const token = (userId: string) => server.mintUserToken(userId, { expiresInSeconds: 3_600 });
  return {
    url: origin,
    graphqlUrl,
    socketUrl,
    host: hostname,
    port: Number(port),
    server,
    nodes: options.nodes ?? { api: [], fanout: [], nats: [] },
    pids: options.pids ?? [],
    token,
    async people(...names) {
      const ids = names.map((name) => uniqueId(name));
      await server.upsertUsers(ids.map((id, index) => ({ id, name: names[index] ?? id })));
      return Promise.all(ids.map(async (id) => ({ id, token: await token(id) })));
    },
    async channel(...members) {
      const memberIds = members.map(({ id }) => id);
      const { id } = await server.createChannel({ type: 'messaging', key: uniqueId('attack'), memberIds });
      return id;
    },
  };
}
