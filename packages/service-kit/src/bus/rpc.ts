import { randomUUID } from 'node:crypto';
import { isErrorCode, ParleyError } from '@parley/contracts';
import type { Rpc, RpcFault, RpcMethod, RpcReply } from '@parley/contracts/bus';
import { apiQueue, subjects } from '@parley/contracts/bus';
import { type Logger, silentLogger } from '../logger.ts';
import type { Bus, BusSubscription } from './bus.ts';
import { checkPayload } from './bus-errors.ts';

/** Asks an API node over the bus. @throws what the method throws, unavailable, timeout past `timeoutMs` */
export async function callRpc<Method extends RpcMethod>(
  bus: Bus,
  method: Method,
  request: Rpc[Method]['request'],
  options: { readonly timeoutMs: number },
): Promise<Rpc[Method]['reply']> {
  const text = await bus.request(subjects.rpc(method), JSON.stringify(request), options);
  // Our own services speak on both sides of the bus; the contract's types are what they send.
  const reply = JSON.parse(text) as RpcReply<Method>;
  if (reply.ok) return reply.value;
  throw faultToError(reply.fault);
}

/** What answers each method of the bus contract. */
export type RpcHandlers = {
  readonly [Method in RpcMethod]?: (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']>;
};

/** What {@link serveRpc} may be told. */
export interface ServeRpcOptions {
  readonly logger?: Pick<Logger, 'error'>;
}

/** A set of answering methods. */
export interface RpcServer {
  /** As {@link BusSubscription.ready}, of all methods. */
  readonly ready: Promise<void>;
  /** Takes no new request, and resolves when those in hand were answered or 5 s have passed. Harmless when repeated. */
  close(): Promise<void>;
}

const closeDeadlineMs = 5_000;

/** Answers the given methods, as one of the API's queue group. Unknown faults are logged and masked as `internal` with a request id. */
export function serveRpc(
  bus: Bus,
  handlers: RpcHandlers,
  { logger = silentLogger() }: ServeRpcOptions = {},
): RpcServer {
  const inHand = new Set<Promise<string>>();
  const subscriptions: BusSubscription[] = [];
  const serve = <Method extends RpcMethod>(
    method: Method,
    handler: (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']>,
  ) => {
    const answer = async (payload: string): Promise<string> => {
      try {
        const value = await handler(JSON.parse(payload) as Rpc[Method]['request']);
        const reply = JSON.stringify({ ok: true, value } satisfies RpcReply<Method>);
        // Said by name, so that who asked can ask in another way instead of again and again.
        checkPayload(`answer ${method}`, reply);
        return reply;
      } catch (err) {
        return JSON.stringify({ ok: false, fault: toFault(err, method, logger) } satisfies RpcReply<Method>);
      }
    };
    subscriptions.push(
      bus.respond(subjects.rpc(method), apiQueue, (payload) => {
        const answered = answer(payload).finally(() => inHand.delete(answered));
        inHand.add(answered);
        return answered;
      }),
    );
  };
  serveEach(handlers, serve);
  const ready = Promise.all(subscriptions.map((subscription) => subscription.ready)).then(() => undefined);
  ready.catch(() => undefined);
  return {
    ready,
    async close() {
      for (const subscription of subscriptions) subscription.unsubscribe();
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeDeadlineMs);
      });
      await Promise.race([Promise.allSettled(inHand), deadline]);
      clearTimeout(timer);
    },
  };
}

type Serve = <Method extends RpcMethod>(
  method: Method,
  handler: (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']>,
) => void;

function serveEach(handlers: RpcHandlers, serve: Serve): void {
  const serveOne = <Method extends RpcMethod>(method: Method) => {
    const handler = handlers[method];
    if (handler !== undefined) serve(method, handler);
  };
  // Object.keys has no narrower type, and the keys of this object are methods.
  for (const method of Object.keys(handlers) as RpcMethod[]) serveOne(method);
}

function toFault(err: unknown, method: RpcMethod, logger: Pick<Logger, 'error'>): RpcFault {
  if (err instanceof ParleyError && err.code !== 'internal')
    return { ...err.details, code: err.code, message: err.message };
  const requestId = (err instanceof ParleyError ? err.details.requestId : undefined) ?? randomUUID();
  logger.error({ err, method, requestId }, 'an unexpected fault in a bus request');
  const message = `unable to answer; an unexpected fault, see the server log for request ${requestId}`;
  return { code: 'internal', message, requestId };
}

function faultToError({ code, message, ...details }: RpcFault): ParleyError {
  // A newer API may know codes that this node does not.
  return new ParleyError(isErrorCode(code) ? code : 'internal', message, details);
}
