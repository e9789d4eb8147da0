// Close codes of the WebSocket. Those from 4400 to 4429 are the protocol's; the rest are ours, each telling the client what to do next. A module of
// constants, so that a bundle holds the numbers that it compares and no table.

/** Malformed frame or unknown message type: do not retry. */
export const badRequest = 4400;
/** A text that is not UTF-8 (RFC 6455 section 8.1): do not retry. */
export const notUtf8 = 1007;
/** Subscribe before connection_ack. */
export const unauthorized = 4401;
/** Token refused, expired or revoked: get a new token, then reconnect. */
export const forbidden = 4403;
export const badSubprotocol = 4406;
export const initTimeout = 4408;
export const duplicateOperation = 4409;
export const tooManyInits = 4429;
/** More sockets than one user may hold, more frames or bytes than it may send, or too many bad tokens from one address: back off, then reconnect. */
export const rateLimited = 4430;
/** The client reads too slowly: reconnect and resume. */
export const slowConsumer = 4431;
/** The node is shutting down: reconnect (elsewhere) and resume. */
export const goingAway = 1012;
/** The server cannot work right now: back off, then reconnect and resume. */
export const unavailable = 1013;
