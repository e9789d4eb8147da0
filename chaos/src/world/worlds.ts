import { type InsideOptions, type InsideWorld, openInside } from './inside.ts';
import { openProcesses, type ProcessOptions, type ProcessWorld } from './processes.ts';

/** Lends worlds. Those of processes are kept for the next run that asks for the same; everyone gets fresh apps in them. */
export interface Worlds {
  inside(options?: Omit<InsideOptions, 'database'>): Promise<InsideWorld>;
  processes(options?: ProcessOptions): Promise<ProcessWorld>;
  /** The world was left in a state in which nobody else should have it. */
  discard(world: ProcessWorld): Promise<void>;
  close(): Promise<void>;
}

export interface WorldsOptions {
  /** A fresh, empty database for a world inside this process. */
  readonly database: () => Promise<InsideOptions['database']>;
  /** Put proxies into every world of processes, so that one serves all who ask. */
  readonly alwaysProxied?: boolean;
}

export function createWorlds({ database, alwaysProxied = false }: WorldsOptions): Worlds {
  // One at a time: a machine that runs two clusters measures neither.
  let kept: { readonly key: string; readonly world: ProcessWorld } | null = null;
  const letGo = async (): Promise<void> => {
    const world = kept?.world;
    kept = null;
    await world?.close();
  };
  return {
    inside: async (options = {}) => openInside({ ...options, database: await database() }),
    async processes({ nats = 1, proxied = false } = {}) {
      const options = { nats, proxied: proxied || alwaysProxied };
      const key = JSON.stringify(options);
      if (kept?.key === key) return kept.world;
      await letGo();
      const world = await openProcesses(options);
      kept = { key, world };
      return world;
    },
    async discard(world) {
      if (kept?.world === world) await letGo();
      else await world.close();
    },
    close: letGo,
  };
}
