/** WebSocket subprotocol of https://github.com/graphql/graphql-over-websocket (graphql-ws PROTOCOL.md). */
export const subprotocol = 'graphql-transport-ws';

/**
 * A client renews its token in-band: a `ping` whose payload is `{ token }` is answered by a `pong` with `{ expiresAt }` (epoch seconds) when the
 * token was accepted, and by a close with 4403 when it was not. Other pings are answered as the protocol says; the pong has the ping's payload
 * when that is at most `limits.pingPayloadBytes` as JSON, and none when it is larger. No frame nests over `limits.jsonDepth` levels: a `subscribe`
 * that does is answered with an `error`, anything else with a close with 4400.
 */
export interface RenewPayload {
  readonly token: string;
}
export interface RenewedPayload {
  readonly expiresAt: number;
}
