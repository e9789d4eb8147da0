import { ParleyError } from '@parley/contracts';
import type { BusFault, BusFaultProfile, BusWay } from './faulty-bus.ts';

type Copy = Omit<BusFault, 'kind'>;

/** Decides the fate of copies, and holds those that are late. */
export interface BusFaults {
  readonly isBad: boolean;
  set(profile: BusFaultProfile): void;
  /** No more faults; what was held arrives. */
  clear(): void;
  /** Delivers now, later, twice or never. */
  carry(copy: Copy, deliver: () => void): void;
  /** Asks, or lets the asker run into the deadline. @throws timeout */
  ask(copy: Copy, timeoutMs: number, request: () => Promise<string>): Promise<string>;
  /** Held copies never arrive. */
  close(): void;
}

const defaultHeldMs = [1, 100] as const;

export function createBusFaults(notify: (fault: BusFault) => void): BusFaults {
  const held = new Map<NodeJS.Timeout, () => void>();
  let current: BusFaultProfile | undefined;

  const later = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      held.delete(timer);
      run();
    }, ms);
    held.set(timer, run);
  };
  const heldFor = ({ random, heldMs: [from, below] = defaultHeldMs }: BusFaultProfile) =>
    from + random() * (below - from);

  return {
    get isBad() {
      return current !== undefined;
    },
    set(profile) {
      current = profile;
    },
    clear() {
      current = undefined;
      for (const [timer, deliver] of held) {
        clearTimeout(timer);
        deliver();
      }
      held.clear();
    },
    carry(copy, deliver) {
      const profile = current;
      if (profile === undefined || profile.spares?.(copy.payload) === true) return deliver();
      const { loss = 0, duplication = 0, reordering = 0 }: BusWay = profile[copy.way === 'out' ? 'out' : 'in'] ?? {};
      // The same count of numbers for every copy, so that one rate does not change what another one hits.
      const [losing, doubling, holding] = [profile.random(), profile.random(), profile.random()];
      const ms = heldFor(profile);
      if (losing < loss) return notify({ ...copy, kind: 'lost' });
      if (doubling < duplication) {
        notify({ ...copy, kind: 'duplicated' });
        later(ms, deliver);
      }
      if (holding >= reordering) return deliver();
      notify({ ...copy, kind: 'held' });
      later(ms, deliver);
    },
    async ask(copy, timeoutMs, request) {
      const profile = current;
      if (profile === undefined || profile.random() >= (profile.requestLoss ?? 0)) return await request();
      notify({ ...copy, kind: 'lost' });
      // Lost on its way back: the other side has done what it was asked.
      if (profile.random() < 0.5) request().catch(() => undefined);
      return await new Promise<string>((_, reject) => {
        later(timeoutMs, () =>
          reject(new ParleyError('timeout', `unable to ask ${copy.subject}; no answer within ${timeoutMs} ms`)),
        );
      });
    },
    close() {
      current = undefined;
      for (const timer of held.keys()) clearTimeout(timer);
      held.clear();
    },
  };
}
