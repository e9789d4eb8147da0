import { subprotocol } from '@parley/contracts';
import { type ServerOptions, WebSocketServer } from 'ws';

const closeHandshakeMs = 2_000;

/** A WebSocket server without a server of its own. `maxPayload`: bytes of a frame. */
export function createWebSocketServer(maxPayload: number): WebSocketServer {
  // The types do not know `closeTimeout` yet, which a literal in place would be refused for.
  const options = {
    noServer: true,
    clientTracking: true,
    maxPayload,
    perMessageDeflate: false,
    // Checked by the session, which has a close code of the protocol for it.
    skipUTF8Validation: true,
    closeTimeout: closeHandshakeMs,
    // An unknown protocol is agreed to as well, so that the client gets to see the close code that says so.
    handleProtocols: (offered: Set<string>) => (offered.has(subprotocol) ? subprotocol : ([...offered][0] ?? false)),
  } satisfies ServerOptions & { closeTimeout: number };
  return new WebSocketServer(options);
}
