import type { DateTime, EphemeralEvent, InboxEvent, PresenceChanged } from '@parley/contracts';
import {
  type AppBusMessage,
  type ChannelBusMessage,
  type PresenceBusMessage,
  subjects,
  type UserBusMessage,
} from '@parley/contracts/bus';
import type { Bus } from '@parley/service-kit';
import type { LogEpoch } from './log-epoch.ts';

/** What {@link Publisher.revoked} closes the sockets of: one user, the holders of one key's tokens, or everybody of the app. */
export type RevokedScope = { readonly userId: string } | { readonly keyId: string | null };

/** Puts things on the bus that may be lost without harm; none of these waits or throws. */
export interface Publisher {
  /** To those who watch the channel. */
  ephemeral(appId: string, event: EphemeralEvent): void;
  /** Several to those who watch one channel, in one message. */
  ephemerals(appId: string, channelId: string, events: readonly EphemeralEvent[]): void;
  inbox(appId: string, userId: string, events: readonly InboxEvent[]): void;
  presence(appId: string, event: PresenceChanged): void;
  /** Sessions of these users, or of everybody of the app (null), are judged anew. `at`: the database's time of the change. */
  accessChanged(appId: string, userIds: readonly string[] | null, at: DateTime): void;
  /** Profiles of users of the app changed: whoever is shown them is told. */
  usersChanged(appId: string): void;
  /** Closes sockets whose token was issued at or before `issuedBefore` (ISO 8601). `keyId` null: every key of the app. */
  revoked(appId: string, scope: RevokedScope, issuedBefore: string): void;
}

export interface PublisherDependencies {
  readonly bus: Bus;
  readonly epoch: Pick<LogEpoch, 'current'>;
}

export function createPublisher({ bus, epoch }: PublisherDependencies): Publisher {
  const send = (subject: string, message: ChannelBusMessage | UserBusMessage | AppBusMessage | PresenceBusMessage) => {
    // Without the bus clients hear nothing, and get all of it as absolute state when they come back. Sockets that should have been
    // closed are found when fan-out nodes ask whose access has changed; nothing that they ask for in between is answered, for the API looks at every
    // token anew.
    bus.publish(subject, JSON.stringify(message)).catch(() => undefined);
  };
  return {
    ephemeral: (appId, event) => send(subjects.channel(appId, event.channelId), { events: [event] }),
    ephemerals: (appId, channelId, events) => send(subjects.channel(appId, channelId), { events }),
    inbox: (appId, userId, events) =>
      send(subjects.user(appId, userId), { kind: 'inbox', epoch: epoch.current, events }),
    presence: (appId, event) => send(subjects.presence(appId, event.userId), { event }),
    accessChanged(appId, userIds, at) {
      if (userIds === null) send(subjects.app(appId), { kind: 'access', at });
      else for (const userId of userIds) send(subjects.user(appId, userId), { kind: 'access', at });
    },
    usersChanged: (appId) => send(subjects.app(appId), { kind: 'users' }),
    revoked(appId, scope, issuedBefore) {
      if ('userId' in scope) send(subjects.user(appId, scope.userId), { kind: 'revoked', issuedBefore });
      else send(subjects.app(appId), { kind: 'revoked', keyId: scope.keyId, issuedBefore });
    },
  };
}
