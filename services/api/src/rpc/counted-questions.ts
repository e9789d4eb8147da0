import type { Principal } from '@parley/contracts/bus';
import { toError } from '@parley/service-kit';
import type { OperationQueue } from '../graphql/operation-queue.ts';
import type { OperationRateLimit } from '../graphql/rate-limit.ts';
import type { AuthService } from '../modules/auth/service.ts';
import type { Actor } from '../platform/actor.ts';
import type { RowMeter } from '../platform/row-meter.ts';

/** How many questions are answered at once, and what each of them counts. */
interface Answering<Answer> {
  work(): Promise<readonly Answer[]>;
  /** The share of an answer in what all of them took. */
  weightOf(answer: Answer): number;
}

/** Questions of many users in one message, which count for each of them as operations over HTTP do. */
export interface CountedQuestions {
  /** Who they are; a refusal in the place of one who is nobody any more or has asked too much. */
  actorsOf(questions: readonly { readonly principal: Principal }[]): Promise<readonly (Actor | Error)[]>;
  /** As `work` answers, in its turn; what the database took for it is charged to those who asked, each by the share of its own answer. */
  answer<Answer>(
    what: string,
    actors: readonly (Actor | Error)[],
    answering: Answering<Answer>,
  ): Promise<readonly Answer[]>;
}

export interface CountedQuestionsDependencies {
  readonly auth: Pick<AuthService, 'actorsOf'>;
  readonly rateLimit: OperationRateLimit;
  readonly queue: Pick<OperationQueue, 'runTogether'>;
  readonly rows: Pick<RowMeter, 'within'>;
}

export function createCountedQuestions({
  auth,
  rateLimit,
  queue,
  rows,
}: CountedQuestionsDependencies): CountedQuestions {
  return {
    async actorsOf(questions) {
      const actors = await auth.actorsOf(questions.map(({ principal }) => principal));
      return await Promise.all(
        actors.map(async (actor) => {
          if (actor instanceof Error) return actor;
          return await rateLimit.consume(actor).then(() => actor, toError);
        }),
      );
    },
    async answer(what, actors, { work, weightOf }) {
      let databaseMs = 0;
      const budget = {
        take: () => true,
        spend: (ms: number) => {
          databaseMs += ms;
        },
        check: () => undefined,
      };
      const answers = await queue.runTogether(what, () => rows.within(budget, work));
      const weights = answers.map(weightOf);
      const all = weights.reduce((sum, weight) => sum + weight, 0);
      for (const [index, actor] of actors.entries()) {
        if (actor instanceof Error) continue;
        rateLimit.charge(actor, { databaseMs: (databaseMs * (weights[index] ?? 0)) / Math.max(1, all), bytes: 0 });
      }
      return answers;
    },
  };
}
