/** The stations of an event on its way from a publisher to a client, in this order. */
export const hops = ['publish', 'bus', 'fanout', 'socket', 'client'] as const;
export type Hop = (typeof hops)[number];

/** How one station did. */
export interface HopReport {
  readonly hop: Hop;
  readonly ok: boolean;
  /** Since the station before; null when the probe did not get here. */
  readonly ms: number | null;
  readonly error?: string;
}

const silence: { readonly [Name in Hop]: string } = {
  publish: 'unable to hand the probe to the bus; it did not take it in time',
  bus: 'unable to hear the probe on the bus; it was published and did not come back',
  fanout: 'unable to render the probe for subscribers; the bus delivers, but no subscription of this node got it',
  socket: 'unable to see the probe on a socket; it was rendered, but its frame did not arrive',
  client: 'unable to read the probe; its bytes came out of the socket, but no frame that a client understands',
};

/** The places and times at which one probe was seen. */
export class ProbeTrace {
  readonly #seen = new Map<Hop, number>();
  readonly #faults = new Map<Hop, string>();
  #begun = performance.now();
  /** Resolves when the probe has come all the way. */
  readonly arrived: Promise<void>;
  #arrive: () => void = () => undefined;

  constructor() {
    this.arrived = new Promise((resolve) => {
      this.#arrive = resolve;
    });
  }

  /** The probe is sent now. */
  begin(now = performance.now()): void {
    this.#begun = now;
  }

  /** The first time counts. */
  saw(hop: Hop, now = performance.now()): void {
    if (!this.#seen.has(hop)) this.#seen.set(hop, now);
    if (this.#seen.size === hops.length) this.#arrive();
  }

  /** Why it cannot get there, in one sentence. */
  fault(hop: Hop, why: string): void {
    this.#faults.set(hop, why);
  }

  report(): readonly HopReport[] {
    const last = Math.max(...hops.map((hop, index) => (this.#seen.has(hop) ? index : -1)));
    let before = this.#begun;
    return hops.map((hop, index) => {
      // A probe that was seen further on has passed this station, even if the watch missed it.
      if (index <= last) {
        const at = Math.max(this.#seen.get(hop) ?? before, before);
        const ms = Math.round((at - before) * 10) / 10;
        before = at;
        return { hop, ok: true, ms };
      }
      const unseen = index === last + 1 ? silence[hop] : `unable to tell; the probe did not get past ${hops[last + 1]}`;
      return { hop, ok: false, ms: null, error: this.#faults.get(hop) ?? unseen };
    });
  }
}
