import { randomUUID } from 'node:crypto';
import { isErrorCode, limits, ParleyError } from '@parley/contracts';
import type { Rpc, RpcFault, RpcMethod, RpcQuestionMethod, RpcReply } from '@parley/contracts/bus';
import { apiQueue, questionsAtOnce, subjects } from '@parley/contracts/bus';
import { JsonRefusal, parseJson } from '../json/parse-json.ts';
import { type Logger, silentLogger } from '../logger.ts';
import { toError } from '../to-error.ts';
import { type Bus, type BusSubscription, busPayloadBytes } from './bus.ts';
import { checkPayload } from './bus-errors.ts';

/** Asks an API node over the bus. @throws what the method throws, unavailable, timeout past `timeoutMs` */
export async function callRpc<Method extends RpcMethod>(
  bus: Bus,
  method: Method,
  request: Rpc[Method]['request'],
  options: { readonly timeoutMs: number },
): Promise<Rpc[Method]['reply']> {
  // Our own services speak on both sides of the bus; the contract's types are what they send.
  if (!isQuestion(method)) {
    const text = await bus.request(subjects.rpc(method), JSON.stringify(request), options);
    return rpcValue(replyIn(method, text) as RpcReply<Method>);
  }
  const text = await bus.request(subjects.rpc(method), JSON.stringify({ items: [request] }), options);
  const [answer] = itemsIn<Method>(method, text);
  if (answer === undefined || answer === null) throw unanswered(method);
  return rpcValue(answer);
}

/**
 * Asks many questions in one message; the answers are in their order, null for one that has to be asked again.
 * @throws unavailable, timeout past `timeoutMs`
 */
export async function callRpcMany<Method extends RpcQuestionMethod>(
  bus: Bus,
  method: Method,
  items: readonly Rpc[Method]['request'][],
  options: { readonly timeoutMs: number },
): Promise<readonly (RpcReply<Method> | null)[]> {
  const text = await bus.request(subjects.rpc(method), JSON.stringify({ items }), options);
  return itemsIn<Method>(method, text);
}

/** Our own services write the answers, so their text is not looked at twice; one that is none of theirs must not be taken for a fault of ours. */
function replyIn(method: RpcMethod, text: string): object {
  try {
    const reply: unknown = JSON.parse(text);
    if (typeof reply === 'object' && reply !== null && 'ok' in reply) return reply;
  } catch {
    // Said below.
  }
  throw new ParleyError('unavailable', `unable to ask ${method}; the answer cannot be read`, { retryAfterMs: 1_000 });
}

function itemsIn<Method extends RpcMethod>(method: Method, text: string): readonly (RpcReply<Method> | null)[] {
  const reply = replyIn(method, text) as
    | { readonly ok: true; readonly value: { readonly items: readonly (RpcReply<Method> | null)[] } }
    | { readonly ok: false; readonly fault: RpcFault };
  if (!reply.ok) throw faultToError(reply.fault);
  const items: unknown = reply.value?.items;
  if (!Array.isArray(items)) throw unanswered(method);
  return reply.value.items;
}

/** Value of an answer. @throws the error in it */
export function rpcValue<Method extends RpcMethod>(reply: RpcReply<Method>): Rpc[Method]['reply'] {
  if (reply.ok) return reply.value;
  throw faultToError(reply.fault);
}

type Answers<Method extends RpcQuestionMethod> = Promise<readonly (Rpc[Method]['reply'] | Error | null)[]>;

/**
 * Handler of each method of the bus contract: many questions with as many answers in their order, an error in the place of one that is refused,
 * null in the place of one that has to be asked again.
 */
export type RpcHandlers = {
  readonly [Method in RpcMethod]?: Method extends RpcQuestionMethod
    ? (requests: readonly Rpc[Method]['request'][]) => Answers<Method>
    : (request: Rpc[Method]['request']) => Promise<Rpc[Method]['reply']>;
};

/** Answers many questions by answering each: for those to which a question costs nothing. */
export const answerEach =
  <Question, Answer>(answer: (question: Question) => Promise<Answer>) =>
  (questions: readonly Question[]): Promise<readonly (Answer | Error)[]> =>
    Promise.all(questions.map((question) => answer(question).catch(toError)));

/** Options of {@link serveRpc}. */
export interface ServeRpcOptions {
  readonly logger?: Pick<Logger, 'error'>;
  /** Requests in hand at once, past which further ones are refused as unavailable; 1,000 when absent. */
  readonly atOnce?: number;
}

/** A set of answering methods. */
export interface RpcServer {
  /** As {@link BusSubscription.ready}, of all methods. */
  readonly ready: Promise<void>;
  /** Takes no new request, and resolves when those in hand were answered or 5 s have passed. Harmless when repeated. */
  close(): Promise<void>;
}

const closeDeadlineMs = 5_000;
/** Bytes around the answers of a message, and some. */
const envelopeBytes = 1_024;

/** Answers the given methods, as one of the API's queue group. Unknown faults are logged and masked as `internal` with a request id. */
export function serveRpc(
  bus: Bus,
  handlers: RpcHandlers,
  { logger = silentLogger(), atOnce = 1_000 }: ServeRpcOptions = {},
): RpcServer {
  const inHand = new Set<Promise<string>>();
  const subscriptions: BusSubscription[] = [];
  const serve = (method: RpcMethod, reply: (payload: string) => Promise<string>) => {
    const answer = async (payload: string): Promise<string> => {
      try {
        if (inHand.size >= atOnce) throw overloaded(method, atOnce);
        const text = await reply(payload);
        // Said by name, so that who asked can ask in another way instead of again and again.
        checkPayload(`answer ${method}`, text);
        return text;
      } catch (error) {
        return JSON.stringify({ ok: false, fault: toFault(error, method, logger) });
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
  // Object.entries has no narrower type: the keys of this object are methods, and each handler is that of its own.
  for (const [name, handler] of Object.entries(handlers) as [RpcMethod, (request: unknown) => Promise<unknown>][]) {
    if (isQuestion(name))
      serve(name, async (payload) => {
        const items = itemsOf(name, requestIn(name, payload));
        const answers = (await handler(items)) as readonly unknown[];
        return `{"ok":true,"value":{"items":[${fitted(name, answers, logger).join()}]}}`;
      });
    else serve(name, async (payload) => JSON.stringify({ ok: true, value: await handler(requestIn(name, payload)) }));
  }
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

/** Levels around the request of a client that a service hands on. */
const envelopeDepth = 4;

/** @throws invalid_input */
function requestIn(method: RpcMethod, payload: string): unknown {
  try {
    return parseJson(payload, limits.jsonDepth + envelopeDepth);
  } catch (error) {
    const why = error instanceof JsonRefusal ? error.message : 'it is not JSON';
    throw new ParleyError('invalid_input', `unable to answer ${method}; the request cannot be read: ${why}`);
  }
}

const isQuestion = (method: RpcMethod): method is RpcQuestionMethod => Object.hasOwn(questionsAtOnce, method);

function itemsOf(method: RpcQuestionMethod, request: unknown): readonly unknown[] {
  const items: unknown = typeof request === 'object' && request !== null && 'items' in request ? request.items : null;
  const limit = questionsAtOnce[method];
  if (Array.isArray(items) && items.length > 0 && items.length <= limit) return items;
  throw new ParleyError('invalid_input', `unable to answer ${method}; "items" is a list of 1 to ${limit} questions`, {
    field: 'items',
    limit,
  });
}

/** The answers as JSON, as many as one message holds; null for the others, but never for the first. */
function fitted(
  method: RpcQuestionMethod,
  answers: readonly unknown[],
  logger: Pick<Logger, 'error'>,
): readonly string[] {
  const said = (answer: unknown) =>
    answer instanceof Error
      ? JSON.stringify({ ok: false, fault: toFault(answer, method, logger) })
      : `{"ok":true,"value":${JSON.stringify(answer)}}`;
  let room = busPayloadBytes - envelopeBytes - 5 * answers.length;
  return answers.map((answer, index) => {
    if (answer === null) return 'null';
    let text = said(answer);
    if (index === 0 && Buffer.byteLength(text) > room) text = said(tooLarge(method));
    const bytes = Buffer.byteLength(text);
    if (bytes > room) return 'null';
    room -= bytes;
    return text;
  });
}

const tooLarge = (method: RpcMethod) =>
  new ParleyError('payload_too_large', `unable to answer ${method}; the answer is over ${busPayloadBytes} bytes`, {
    limit: busPayloadBytes,
  });

const overloaded = (method: RpcMethod, limit: number) =>
  new ParleyError('unavailable', `unable to answer ${method}; ${limit} requests are in hand, try again`, {
    limit,
    retryAfterMs: 1_000,
  });

const unanswered = (method: RpcMethod) =>
  new ParleyError('unavailable', `unable to ask ${method}; the answer holds nothing for the question`);

function toFault(error: unknown, method: RpcMethod, logger: Pick<Logger, 'error'>): RpcFault {
  if (error instanceof ParleyError && error.code !== 'internal')
    return { ...error.details, code: error.code, message: error.message };
  const requestId = (error instanceof ParleyError ? error.details.requestId : undefined) ?? randomUUID();
  logger.error({ err: error, method, requestId }, 'an unexpected fault in a bus request');
  const message = `unable to answer; an unexpected fault, see the server log for request ${requestId}`;
  return { code: 'internal', message, requestId };
}

function faultToError({ code, message, ...details }: RpcFault): ParleyError {
  // A newer API may know codes that this node does not.
  return new ParleyError(isErrorCode(code) ? code : 'internal', message, details);
}
