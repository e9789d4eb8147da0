import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { type ErrorCode, ParleyError } from '@parley/contracts';
import { hasBody } from '../../dev/request-framing.ts';
import type { Backend, Backends } from './backends.ts';
import { endToEndHeaders, requestHeaders } from './headers.ts';

/** Passes HTTP requests on to nodes. */
export interface RequestForwarder {
  /**
   * `asOperator`: the node does not learn for whom.
   * To one of `backends`: to the next one when a node refuses the connection, and never twice, since a mutation may have run.
   */
  forward(
    backends: Backends,
    request: IncomingMessage,
    response: ServerResponse,
    options?: { readonly asOperator?: boolean },
  ): void;
  close(): void;
}

const connectDeadlineMs = 2_000;
/** Longer than a node takes for its slowest answer. Once an answer has begun it may last for ever, as an event stream does. */
const answerDeadlineMs = 30_000;
/** Requests and event streams that have a connection to a node at once. */
const mostUnderWay = 4_000;

/** `most`: requests and event streams under way at once, past which further ones are refused. */
export function createRequestForwarder({
  most = mostUnderWay,
}: {
  readonly most?: number | undefined;
} = {}): RequestForwarder {
  const agent = new Agent({ keepAlive: true });
  let underWay = 0;
  return {
    forward(backends, incoming, response, { asOperator = false } = {}) {
      if (underWay >= most) {
        return refuse(response, 'unavailable', `${most} requests are under way at this address, send it again`);
      }
      underWay += 1;
      void forward({ agent, backends, incoming, response, asOperator }).finally(() => {
        underWay -= 1;
      });
    },
    close: () => agent.destroy(),
  };
}

interface Exchange {
  readonly agent: Agent;
  readonly backends: Backends;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly asOperator: boolean;
}

async function forward(exchange: Exchange): Promise<void> {
  const { backends, incoming, response } = exchange;
  for (const backend of backends.candidates()) {
    const arrived = backends.sending(backend);
    const outcome = await attempt(exchange, backend, arrived).finally(arrived);
    if (response.destroyed) return;
    if (outcome === 'answered') return;
    if (outcome === 'lost')
      return refuse(response, 'timeout', 'the node that had the request went away: the outcome is unknown');
    if (outcome === 'late') {
      return refuse(response, 'timeout', `no answer came within ${answerDeadlineMs} ms: the outcome is unknown`);
    }
    backends.refused(backend);
  }
  incoming.resume();
  refuse(response, 'unavailable', 'no node is there to take the request');
}

/** `refused`: nothing was sent. `lost`, `late`: something was, and no answer came. */
type Outcome = 'answered' | 'refused' | 'lost' | 'late';

function attempt(
  { agent, incoming, response, asOperator }: Exchange,
  backend: Backend,
  arrived: () => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let sent = false;
    let late = false;
    const outgoing = request({
      agent,
      host: '127.0.0.1',
      port: backend.port,
      method: incoming.method,
      path: incoming.url,
      headers: requestHeaders(incoming, asOperator ? undefined : incoming.socket.remoteAddress),
    });
    const connecting = setTimeout(() => outgoing.destroy(new Error('no connection in time')), connectDeadlineMs);
    const answering = setTimeout(() => {
      late = true;
      outgoing.destroy(new Error('no answer in time'));
    }, answerDeadlineMs);
    const settle = (outcome: Outcome) => {
      clearTimeout(connecting);
      clearTimeout(answering);
      resolve(outcome);
    };
    const abandon = () => outgoing.destroy();
    response.once('close', abandon);
    const send = () => {
      sent = true;
      clearTimeout(connecting);
      // Not a byte of the body is read before there is somebody to take it, so that the next node can have it all.
      if (hasBody(incoming)) incoming.pipe(outgoing);
      else outgoing.end();
    };
    outgoing.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', send);
      else send();
    });
    outgoing.once('response', (answer) => {
      arrived();
      clearTimeout(answering);
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEndHeaders(answer.rawHeaders));
      // The first event of a stream may be a long time coming.
      response.flushHeaders();
      pipeline(answer, response, (error) => {
        response.off('close', abandon);
        // A node may answer without reading all of what it was sent; what is left of that goes nowhere, and neither may anything after it.
        incoming.unpipe(outgoing);
        if (error || !outgoing.writableEnded) outgoing.destroy();
        incoming.resume();
        settle('answered');
      });
    });
    outgoing.on('error', () => {
      response.off('close', abandon);
      incoming.unpipe(outgoing);
      if (response.headersSent) return;
      settle(!sent ? 'refused' : late ? 'late' : 'lost');
    });
  });
}

function refuse(response: ServerResponse, code: ErrorCode, why: string): void {
  if (response.headersSent) return void response.destroy();
  const fault = new ParleyError(code, `unable to answer; ${why}`, { retryAfterMs: 1_000 });
  response.writeHead(fault.status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    // What is left of the request is not waited for.
    Connection: 'close',
  });
  response.end(JSON.stringify({ errors: [{ message: fault.message, extensions: fault.toExtensions() }] }));
}
