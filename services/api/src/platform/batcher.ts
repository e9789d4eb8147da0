import { ParleyError } from '@parley/contracts';

/** Answers one question; questions that come while others are being answered are answered together. */
export type Batcher<Question, Answer> = (question: Question) => Promise<Answer>;

interface BatcherOptions<Question, Answer> {
  /** One answer for each question, in their order; an error in the place of one that is refused. */
  readonly ask: (questions: readonly Question[]) => Promise<readonly (Answer | Error)[]>;
  /** Questions answered together; more wait. */
  readonly most: number;
  /** Rounds under way at once. */
  readonly concurrency: number;
  /** Questions that may wait for a round; more are refused as unavailable. Default: any number. */
  readonly mostWaiting?: number;
  /** Once so many questions came within this time, ms, rounds start that far apart, so that a burst takes few rounds. */
  readonly burst?: { readonly from: number; readonly ms: number };
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one call of many. A question is answered by a round that starts after it was put, so the answer is never older than the question; with no
 * round under way it starts at the end of this turn of the event loop.
 */
export function createBatcher<Question, Answer>({
  ask,
  most,
  concurrency,
  burst,
  mostWaiting = Number.POSITIVE_INFINITY,
}: BatcherOptions<Question, Answer>): Batcher<Question, Answer> {
  const waiting: Waiting<Question, Answer>[] = [];
  let running = 0;
  let planned = false;
  let window = { since: 0, count: 0 };
  let notBefore = 0;

  const round = async (asked: readonly Waiting<Question, Answer>[]) => {
    try {
      const answers = await ask(asked.map(({ question }) => question));
      for (const [index, { resolve, reject }] of asked.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new TypeError('an answer is missing'));
        else if (answer instanceof Error) reject(answer);
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };

  const space = (count: number) => {
    if (burst === undefined) return;
    const now = performance.now();
    if (now - window.since > burst.ms) window = { since: now, count: 0 };
    window.count += count;
    if (window.count >= burst.from) notBefore = now + burst.ms;
  };

  const start = () => {
    planned = false;
    while (waiting.length > 0 && running < concurrency && performance.now() >= notBefore) {
      const asked = waiting.splice(0, most);
      running += 1;
      space(asked.length);
      void round(asked).then(() => {
        running -= 1;
        plan();
      });
    }
    plan();
  };

  const plan = () => {
    if (planned || running >= concurrency || waiting.length === 0) return;
    planned = true;
    const wait = notBefore - performance.now();
    if (wait > 0) setTimeout(start, Math.ceil(wait));
    else setImmediate(start);
  };

  return (question) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= mostWaiting) throw tooManyWait(mostWaiting);
      waiting.push({ question, resolve, reject });
      plan();
    });
}

const tooManyWait = (limit: number): ParleyError =>
  new ParleyError('unavailable', `unable to answer; ${limit} others wait for the same, try again`, {
    limit,
    retryAfterMs: 1_000,
  });
