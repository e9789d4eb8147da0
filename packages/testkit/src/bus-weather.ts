import { ParleyError } from '@parley/contracts';
import type { BusMishap, BusWay, BusWeather } from './faulty-bus.ts';

type Copy = Omit<BusMishap, 'kind'>;

/** Decides the fate of copies, and holds those that are late. */
export interface Weather {
  readonly isBad: boolean;
  set(weather: BusWeather): void;
  /** Fair again; what was held arrives. */
  clear(): void;
  /** Delivers now, later, twice or never. */
  carry(copy: Copy, deliver: () => void): void;
  /** Asks, or lets the asker run into the deadline. @throws timeout */
  ask(copy: Copy, timeoutMs: number, request: () => Promise<string>): Promise<string>;
  /** What is held never arrives. */
  close(): void;
}

const defaultHeldMs = [1, 100] as const;

export function createWeather(tell: (mishap: BusMishap) => void): Weather {
  const held = new Map<NodeJS.Timeout, () => void>();
  let current: BusWeather | undefined;

  const later = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      held.delete(timer);
      run();
    }, ms);
    held.set(timer, run);
  };
  const heldFor = ({ random, heldMs: [from, below] = defaultHeldMs }: BusWeather) => from + random() * (below - from);

  return {
    get isBad() {
      return current !== undefined;
    },
    set(weather) {
      current = weather;
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
      const weather = current;
      if (weather === undefined || weather.spares?.(copy.payload) === true) return deliver();
      const { loss = 0, duplication = 0, reordering = 0 }: BusWay = weather[copy.way === 'out' ? 'out' : 'in'] ?? {};
      // The same count of numbers for every copy, so that one rate does not change what another one hits.
      const [losing, doubling, holding] = [weather.random(), weather.random(), weather.random()];
      const ms = heldFor(weather);
      if (losing < loss) return tell({ ...copy, kind: 'lost' });
      if (doubling < duplication) {
        tell({ ...copy, kind: 'duplicated' });
        later(ms, deliver);
      }
      if (holding >= reordering) return deliver();
      tell({ ...copy, kind: 'held' });
      later(ms, deliver);
    },
    async ask(copy, timeoutMs, request) {
      const weather = current;
      if (weather === undefined || weather.random() >= (weather.requestLoss ?? 0)) return await request();
      tell({ ...copy, kind: 'lost' });
      // Lost on its way back: the other side has done what it was asked.
      if (weather.random() < 0.5) request().catch(() => undefined);
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
