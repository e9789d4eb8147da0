import { toError } from '@parley/service-kit';
import { type Actor, requireUser, type UserActor } from '../../platform/actor.ts';
import type { CountedQuestions } from '../../rpc/counted-questions.ts';
import type { Handler } from '../../rpc/handler.ts';
import type { InboxService } from './service.ts';

interface InboxHandlersDependencies {
  readonly inbox: Pick<InboxService, 'openMany' | 'recent'>;
  readonly questions: CountedQuestions;
}

function userOr(actor: Actor | Error | undefined, action: string): UserActor | Error {
  if (actor === undefined || actor instanceof Error) return actor ?? new TypeError('an actor is missing');
  try {
    return requireUser(actor, action);
  } catch (error) {
    return toError(error);
  }
}

/** What fan-out asks about the inboxes of users. */
export function inboxHandlers({ inbox, questions: asked }: InboxHandlersDependencies) {
  const open: Handler<'inbox.open'> = async (questions) => {
    const actors = await asked.actorsOf(questions);
    const from = questions.map(({ after, page }, index) => ({
      actor: userOr(actors[index], 'open the inbox'),
      after,
      page,
    }));
    return await asked.answer('inboxes', actors, {
      work: () => inbox.openMany(from),
      weightOf: (page) => (page instanceof Error ? 0 : page.events.length),
    });
  };

  const recent: Handler<'inbox.recent'> = (question) => inbox.recent(question);

  return { 'inbox.open': open, 'inbox.recent': recent };
}
