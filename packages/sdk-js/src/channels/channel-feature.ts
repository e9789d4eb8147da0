import type { ParleyError } from '@parley/contracts';
import type { ChannelState } from './channel.ts';
import type { ChannelEvent } from './channel-event.ts';
import type { Snapshot } from './snapshot.ts';

/** A part of a channel that keeps state of its own. A method that it does not need is left out. */
export interface ChannelFeature {
  /** Starts anew from a snapshot. */
  reset?(snapshot: Snapshot): void;
  /** Takes in an event. Logged events come in order, each once, and before the channel's listeners hear of them. */
  apply?(event: ChannelEvent): void;
  status?(status: ChannelState['status'], error: ParleyError | null): void;
  /** The connection is back: waiting work is tried again. */
  retryNow?(): void;
  /** The client disconnects: no timer stays. Waiting work is kept for the next connection. */
  stop?(): void;
}
