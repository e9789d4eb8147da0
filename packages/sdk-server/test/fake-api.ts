import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the API sees it. */
export interface SeenRequest {
  readonly token: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** What the API does with a request: answers, or hangs up on `drop`, or says nothing on `hang`. */
export type Reaction = { readonly status?: number; readonly body: unknown } | 'drop' | 'hang';

/** A stand-in for the API over real HTTP. */
export interface FakeApi {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Reactions to the next requests, in order; the last one stays. */
  answer(...reactions: Reaction[]): void;
  close(): Promise<void>;
}

export const refusalOf = (code: string, details: object = {}, message = `unable to do it; ${code}`): Reaction => ({
  body: { errors: [{ message, extensions: { code, ...details } }] },
});

export async function startFakeApi(): Promise<FakeApi> {
  let reactions: Reaction[] = [{ body: { data: {} } }];
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { query, variables }: Omit<SeenRequest, 'token'> = JSON.parse(body);
      seen.push({ token: (request.headers.authorization ?? '').replace('Bearer ', ''), query, variables });
      const reaction = reactions.length > 1 ? reactions.shift() : reactions[0];
      if (reaction === undefined || reaction === 'hang') return;
      if (reaction === 'drop') return void request.socket.destroy();
      const text = typeof reaction.body === 'string' ? reaction.body : JSON.stringify(reaction.body);
      response.writeHead(reaction.status ?? 200, { 'content-type': 'application/json' }).end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}/graphql`,
    seen,
    answer(...next) {
      reactions = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

// A server that listens on TCP has an address with a port.
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
