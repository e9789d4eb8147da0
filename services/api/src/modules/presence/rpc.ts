import type { CountedQuestions } from '../../rpc/counted-questions.ts';
import type { Handler } from '../../rpc/handler.ts';
import type { UsersService } from '../users/index.ts';
import type { PresenceService } from './service.ts';
import { readVisiblePresence } from './visible-presence.ts';

interface PresenceHandlersDependencies {
  readonly presence: PresenceService;
  readonly users: Pick<UsersService, 'sharingAmong'>;
  readonly questions: CountedQuestions;
}

/** What fan-out asks and says about who is online. */
export function presenceHandlers({ presence, users, questions: asked }: PresenceHandlersDependencies) {
  const read: Handler<'presence.read'> = async (questions) => {
    const actors = await asked.actorsOf(questions);
    const lists = questions.flatMap(({ userIds }, index) => {
      const actor = actors[index];
      return actor === undefined || actor instanceof Error ? [] : [{ actor, userIds }];
    });
    return await asked.answer('presence', actors, {
      async work() {
        const states = (await readVisiblePresence({ presence, users }, lists)).values();
        return actors.map((actor) => (actor instanceof Error ? actor : (states.next().value ?? { events: [] })));
      },
      weightOf: (state) => (state instanceof Error ? 0 : state.events.length),
    });
  };

  const renew: Handler<'presence.renew'> = async ({ nodeId, ttlMs, users: online }) => {
    await presence.renew(nodeId, ttlMs, online);
    return {};
  };

  const release: Handler<'presence.release'> = async ({ nodeId, users: offline }) => {
    await presence.release(nodeId, offline);
    return {};
  };

  return { 'presence.read': read, 'presence.renew': renew, 'presence.release': release };
}
