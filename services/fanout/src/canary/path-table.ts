import type { HeartbeatBusMessage } from '@parley/contracts/bus';

/** The way from one node's publishing to this node's client. */
export interface Path {
  readonly nodeId: string;
  /** Since a probe of that node last came through. */
  readonly silentSeconds: number;
  /** The node lives, and yet this node does not hear it. */
  readonly broken: boolean;
}

interface Peer {
  readonly startedAt: string;
  aliveAt: number;
  heardAt: number;
  hearsItself: boolean;
}

/** Beats after which a node that says nothing is gone: fewer than {@link mostSilent}, so that a crash elsewhere alarms nobody. */
const goneAfter = 3;
/** Beats for which a living node may be unheard. */
const mostSilent = 5;
const mostPeers = 1_000;

/**
 * Which nodes live, and how long each has not been heard through the real path. Time is counted in beats of this node, one a second, and not by a
 * clock: a clock that is set, or a process that was stopped for a while, must not look like a broken path.
 */
export class PathTable {
  readonly #nodeId: string;
  readonly #peers = new Map<string, Peer>();
  #beat = 0;
  #selfHeardAt = 0;

  constructor(nodeId: string) {
    this.#nodeId = nodeId;
  }

  /** The number of the beat that begins. */
  beat(): number {
    this.#beat += 1;
    for (const [nodeId, { aliveAt }] of this.#peers) if (this.#beat - aliveAt > goneAfter) this.#peers.delete(nodeId);
    return this.#beat;
  }

  /** Nothing could be heard until now, and everybody knows why. */
  forgive(): void {
    this.#selfHeardAt = this.#beat;
    for (const peer of this.#peers.values()) {
      peer.heardAt = this.#beat;
      peer.aliveAt = this.#beat;
    }
  }

  heartbeat({ nodeId, startedAt, hearsItself, leaving }: HeartbeatBusMessage): void {
    if (nodeId === this.#nodeId) return;
    const known = this.#peers.get(nodeId);
    if (leaving) {
      if (known?.startedAt === startedAt) this.#peers.delete(nodeId);
    } else if (known?.startedAt === startedAt) {
      known.aliveAt = this.#beat;
      known.hearsItself = hearsItself;
    } else if (known !== undefined || this.#peers.size < mostPeers)
      this.#peers.set(nodeId, { startedAt, aliveAt: this.#beat, heardAt: this.#beat, hearsItself });
  }

  /** A probe of another node came through now. */
  heard(nodeId: string): void {
    const peer = this.#peers.get(nodeId);
    if (peer !== undefined) peer.heardAt = this.#beat;
  }

  /** This node's probe of that beat came back. */
  heardSelf(beat: number): void {
    if (beat <= this.#beat) this.#selfHeardAt = Math.max(this.#selfHeardAt, beat);
  }

  /** Others do not take it for their own fault when they do not hear a node that does not hear itself. */
  get hearsItself(): boolean {
    return this.#beat - this.#selfHeardAt <= goneAfter;
  }

  /** This node's own first. */
  paths(): readonly Path[] {
    const self = { nodeId: this.#nodeId, heardAt: this.#selfHeardAt, hearsItself: true };
    const peers = [...this.#peers].map(([nodeId, peer]) => ({ ...peer, nodeId }));
    return [self, ...peers].map(({ nodeId, heardAt, hearsItself }) => {
      const silentSeconds = this.#beat - heardAt;
      return { nodeId, silentSeconds, broken: hearsItself && silentSeconds > mostSilent };
    });
  }
}
