import { ParleyError } from '@parley/contracts';

/** Subscriptions are part of this schema and served by the fan-out service. @throws invalid_query */
export function refuseOverHttp(): never {
  throw new ParleyError(
    'invalid_query',
    'unable to run a subscription here; open a WebSocket (graphql-transport-ws) at this path, or send the request with "Accept: text/event-stream"',
  );
}
