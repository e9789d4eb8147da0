import type { Socket } from 'node:net';

/** Fault profile of the proxy at this moment. */
export interface PipeFaults {
  /** Nothing goes through, and neither side notices. */
  readonly blackhole: boolean;
  readonly delayMs: number;
  /** Up to this much more than `delayMs`, by chance. */
  readonly jitterMs: number;
  /** At most this many bytes go out in a tick of 10 ms. */
  readonly bytesPerTick: number;
}

const tickMs = 10;
/** Bytes that wait in the proxy; past it the sender is held back, as a full network would. */
const heldBytesLimit = 1_048_576;

interface Held {
  readonly bytes: Buffer;
  readonly dueAt: number;
}

/** One direction of a connection: carries bytes from `source` to `target`, in order, under the faults of the moment. */
export function pipeWithFaults(source: Socket, target: Socket, faults: () => PipeFaults): { poke(): void } {
  let queue: Held[] = [];
  let heldBytes = 0;
  let lastDueAt = 0;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  const pump = () => {
    clearTimeout(timer);
    timer = undefined;
    const { blackhole, bytesPerTick } = faults();
    if (blackhole || target.destroyed) return;
    let budget = bytesPerTick;
    for (let first = queue[0]; first !== undefined && first.dueAt <= Date.now() && budget > 0; first = queue[0]) {
      const part = first.bytes.subarray(0, budget);
      target.write(part);
      budget -= part.length;
      heldBytes -= part.length;
      if (part.length === first.bytes.length) queue = queue.slice(1);
      else queue = [{ bytes: first.bytes.subarray(part.length), dueAt: first.dueAt }, ...queue.slice(1)];
    }
    if (heldBytes < heldBytesLimit) source.resume();
    const next = queue[0];
    if (next !== undefined) timer = setTimeout(pump, Math.max(tickMs, next.dueAt - Date.now()));
    else if (ended) target.end();
  };

  source.on('data', (bytes: Buffer) => {
    const { delayMs, jitterMs } = faults();
    // Never due before what came earlier: a delayed stream is still a stream.
    lastDueAt = Math.max(lastDueAt, Date.now() + delayMs + Math.random() * jitterMs);
    queue.push({ bytes, dueAt: lastDueAt });
    heldBytes += bytes.length;
    if (heldBytes >= heldBytesLimit) source.pause();
    if (timer === undefined) pump();
  });
  source.on('end', () => {
    ended = true;
    if (timer === undefined) pump();
  });
  source.on('close', () => clearTimeout(timer));
  return { poke: pump };
}
