import { closeCodes, ParleyError } from '@parley/contracts';
import type { WebSocket } from 'ws';
import type { SessionRegistry } from './registry.ts';

const waves = 20;
const minimumWave = 50;
const betweenWavesMs = 100;
/** For those that do not answer the goodbye. */
const goodbyeMs = 2_000;
const lookEveryMs = 20;

/** Sends every client away, not all in the same instant: they all come back, to the nodes that are left. */
export async function drainSessions(registry: SessionRegistry, sockets: Iterable<WebSocket>): Promise<void> {
  const sessions = registry.all();
  const size = Math.max(minimumWave, Math.ceil(sessions.length / waves));
  const error = new ParleyError('unavailable', 'unable to go on; this node is shutting down: reconnect and resume');
  for (let start = 0; start < sessions.length; start += size) {
    if (start > 0) await pause(betweenWavesMs);
    for (const session of sessions.slice(start, start + size)) session.end({ code: closeCodes.goingAway, error });
  }
  // Those that never got as far as a session.
  for (const socket of sockets)
    if (socket.readyState === socket.OPEN) socket.close(closeCodes.goingAway, 'Shutting down');
  const deadline = performance.now() + goodbyeMs;
  while (performance.now() < deadline && [...sockets].length > 0) await pause(lookEveryMs);
  for (const socket of sockets) socket.terminate();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
