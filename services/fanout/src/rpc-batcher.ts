import { ParleyError } from '@parley/contracts';
import { questionsAtOnce, type Rpc, type RpcQuestionMethod, type RpcReply } from '@parley/contracts/bus';
import { type Bus, type Clock, callRpcMany, rpcValue, type TimerHandle } from '@parley/service-kit';
import { ArrivalRate, type Arrivals } from './interest/arrival-rate.ts';

/** How long a question of a surge waits for others: the first time, and while the surge lasts. The answer about a removed member has to come within a second. */
const surgeMs: { readonly [Method in RpcQuestionMethod]: readonly [number, number] } = {
  'session.open': [250, 500],
  'session.check': [500, 500],
  'channel.join': [250, 500],
  'channel.events': [100, 250],
  'channel.reads': [100, 250],
  'channel.authorize': [50, 50],
  'inbox.open': [250, 500],
  'users.read': [100, 250],
  'presence.read': [100, 250],
};

/** The same in a burst, such as a client that opens twenty channels. */
const burstMs = 10;

interface Waiting<Method extends RpcQuestionMethod> {
  readonly request: Rpc[Method]['request'];
  /** When the caller gives up, ms. */
  readonly until: number;
  resolve(reply: Rpc[Method]['reply']): void;
  reject(error: unknown): void;
}

/**
 * Sends the questions of one method in batches. Few questions leave with the others of the same turn of the event loop, a burst within 10 ms. The
 * questions of a surge wait longer, so that thousands of returning clients cost the API and its database a few calls.
 */
export class RpcBatcher<Method extends RpcQuestionMethod> {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #method: Method;
  readonly #rate = new ArrivalRate();
  #wasSurge = false;
  #waiting: Waiting<Method>[] = [];
  #soon: NodeJS.Immediate | undefined;
  #timer: TimerHandle | undefined;

  constructor(bus: Bus, clock: Clock, method: Method) {
    this.#bus = bus;
    this.#clock = clock;
    this.#method = method;
  }

  /** @throws what the method throws, unavailable, timeout */
  ask(request: Rpc[Method]['request'], timeoutMs: number): Promise<Rpc[Method]['reply']> {
    const now = this.#clock.now();
    const arrivals = this.#rate.note(now);
    return new Promise((resolve, reject) => {
      this.#add({ request, until: now + timeoutMs, resolve, reject }, arrivals);
    });
  }

  #add(waiting: Waiting<Method>, arrivals: Arrivals): void {
    this.#waiting.push(waiting);
    if (this.#waiting.length >= questionsAtOnce[this.#method]) this.#flush();
    else if (this.#soon === undefined && this.#timer === undefined) {
      const [first, further] = surgeMs[this.#method];
      const flushIn = (ms: number) => this.#clock.setTimeout(() => this.#flush(), ms);
      if (arrivals === 'few') this.#soon = setImmediate(() => this.#flush());
      else if (arrivals === 'burst') this.#timer = flushIn(burstMs);
      else this.#timer = flushIn(this.#wasSurge ? further : first);
      this.#wasSurge = arrivals === 'surge';
    }
  }

  #flush(): void {
    clearImmediate(this.#soon);
    this.#clock.clearTimeout(this.#timer);
    this.#soon = undefined;
    this.#timer = undefined;
    const questions = this.#waiting;
    this.#waiting = [];
    if (questions.length > 0) void this.#send(questions);
  }

  async #send(questions: readonly Waiting<Method>[]): Promise<void> {
    const timeoutMs = Math.max(1, Math.min(...questions.map(({ until }) => until)) - this.#clock.now());
    let answers: readonly (RpcReply<Method> | null)[];
    try {
      answers = await callRpcMany(
        this.#bus,
        this.#method,
        questions.map(({ request }) => request),
        { timeoutMs },
      );
    } catch (error) {
      if (questions.length > 1 && error instanceof ParleyError && error.code === 'payload_too_large')
        return this.#sendHalves(questions);
      for (const { reject } of questions) reject(error);
      return;
    }
    for (const [index, question] of questions.entries()) this.#settle(question, answers[index] ?? null);
  }

  #sendHalves(questions: readonly Waiting<Method>[]): void {
    const middle = Math.ceil(questions.length / 2);
    void this.#send(questions.slice(0, middle));
    void this.#send(questions.slice(middle));
  }

  #settle(question: Waiting<Method>, answer: RpcReply<Method> | null): void {
    if (answer === null) {
      // The answer had no room beside the others in the message.
      if (this.#clock.now() < question.until) this.#add(question, 'few');
      else
        question.reject(
          new ParleyError('timeout', `unable to ask ${this.#method}; the answers of others took its place`),
        );
      return;
    }
    try {
      question.resolve(rpcValue(answer));
    } catch (error) {
      question.reject(error);
    }
  }
}
