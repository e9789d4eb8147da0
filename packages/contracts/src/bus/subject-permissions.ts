import { reservedChannel, subjects } from './subjects.ts';

/** The services that stand on the bus. */
export type BusService = 'api' | 'fanout';

/** Patterns of subjects, with `*` for one token and `>` for the rest; what is denied is denied though a pattern allows it. */
export interface SubjectPermissions {
  readonly allow: readonly string[];
  readonly deny?: readonly string[];
}

/** Subjects that a service may publish and subscribe to on the bus. */
export interface BusPermissions {
  readonly publish: SubjectPermissions;
  readonly subscribe: SubjectPermissions;
}

/** Where the answers to requests go. */
const answers = '_INBOX.>';
const everyApp = ['channel', 'user', 'presence'].map((kind) => `parley.*.${kind}.*`).concat('parley.*.app');
const requests = subjects.rpc('>');
const probes = subjects.channel(reservedChannel.appId, reservedChannel.channelId);

/**
 * The same for a NATS server: the API publishes events, fan-out asks and listens; nodes of a kind notify each other. So a fan-out node cannot publish events, revoke anybody or
 * answer for the API, and nobody but the API hears the requests. https://docs.nats.io/running-a-nats-service/configuration/securing_nats/authorization
 */
export const busPermissions: { readonly [Service in BusService]: BusPermissions } = {
  api: {
    publish: { allow: [...everyApp, subjects.changes(), answers], deny: [requests, probes] },
    subscribe: { allow: [requests, subjects.changes()] },
  },
  fanout: {
    publish: { allow: [requests, subjects.heartbeats(), probes] },
    // A request for a channel has as many tokens as an event of one.
    subscribe: { allow: [...everyApp, subjects.heartbeats(), answers], deny: [requests] },
  },
};
