/** WebSocket subprotocol of https://github.com/graphql/graphql-over-websocket (graphql-ws PROTOCOL.md). */
export const subprotocol = 'graphql-transport-ws';

/**
 * Close codes. Those from 4400 to 4429 are the protocol's; the rest are ours, each telling the client what to do next.
 */
export const closeCodes = {
  /** Malformed frame or unknown message type: do not retry. */
  badRequest: 4400,
  /** Subscribe before connection_ack. */
  unauthorized: 4401,
  /** Token refused, expired or revoked: get a new token, then reconnect. */
  forbidden: 4403,
  badSubprotocol: 4406,
  initTimeout: 4408,
  duplicateOperation: 4409,
  tooManyInits: 4429,
  /** More sockets than one user may hold, more frames or bytes than it may send, or too many bad tokens from one address: back off, then reconnect. */
  rateLimited: 4430,
  /** The client reads too slowly: reconnect and resume. */
  slowConsumer: 4431,
  /** The node is shutting down: reconnect (elsewhere) and resume. */
  goingAway: 1012,
  /** The server cannot work right now: back off, then reconnect and resume. */
  unavailable: 1013,
} as const;

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
