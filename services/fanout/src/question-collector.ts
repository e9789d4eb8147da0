import { ParleyError } from '@parley/contracts';
import { questionsAtOnce, type Rpc, type RpcQuestionMethod, type RpcReply } from '@parley/contracts/bus';
import { type Bus, type Clock, callRpcMany, rpcValue, type TimerHandle } from '@parley/service-kit';
import { ArrivalRate, type Arrivals } from './interest/arrival-rate.ts';

/** How long a question waits for company in a storm: at first, and while it goes on. One about a removed member has to be answered within a second. */
const waitMs: { readonly [Method in RpcQuestionMethod]: readonly [number, number] } = {
  'session.open': [250, 500],
  'session.check': [500, 500],
  'channel.join': [250, 500],
  'channel.events': [100, 250],
  'channel.reads': [100, 250],
  'channel.authorize': [50, 50],
  'inbox.open': [250, 500],
  'presence.read': [100, 250],
};

/** In a gust, such as a client that opens twenty channels. */
const gustMs = 10;

interface Waiting<Method extends RpcQuestionMethod> {
  readonly request: Rpc[Method]['request'];
  /** When its asker gives up, ms. */
  readonly until: number;
  resolve(reply: Rpc[Method]['reply']): void;
  reject(fault: unknown): void;
}

/**
 * Sends the questions of one method together. While there are few they go with what came in the same turn of the event loop, or in 10 ms; in a storm they wait for
 * each other, so that thousands of clients that come back cost the API and its database a few calls.
 */
export class QuestionCollector<Method extends RpcQuestionMethod> {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #method: Method;
  readonly #rate = new ArrivalRate();
  #wasStorm = false;
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
      const [first, further] = waitMs[this.#method];
      const flushIn = (ms: number) => this.#clock.setTimeout(() => this.#flush(), ms);
      if (arrivals === 'few') this.#soon = setImmediate(() => this.#flush());
      else if (arrivals === 'gust') this.#timer = flushIn(gustMs);
      else this.#timer = flushIn(this.#wasStorm ? further : first);
      this.#wasStorm = arrivals === 'storm';
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
    } catch (fault) {
      if (questions.length > 1 && fault instanceof ParleyError && fault.code === 'payload_too_large')
        return this.#sendHalves(questions);
      for (const { reject } of questions) reject(fault);
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
      // The answer found no room beside the others.
      if (this.#clock.now() < question.until) this.#add(question, 'few');
      else
        question.reject(
          new ParleyError('timeout', `unable to ask ${this.#method}; the answers of others took its place`),
        );
      return;
    }
    try {
      question.resolve(rpcValue(answer));
    } catch (fault) {
      question.reject(fault);
    }
  }
}
