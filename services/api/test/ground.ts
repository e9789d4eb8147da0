import { type Bus, createMemoryBus, silentLogger, systemClock } from '@parley/service-kit';
import { createDatabase, type TestDatabase, templateDatabase } from '@parley/testkit';
import { createFoundation, type Foundation, type FoundationOptions } from '../src/foundation.ts';
import { createServices, type Services, startModules } from '../src/graphql/services.ts';
import { migrate } from '../src/platform/migrate.ts';

/** A database with the newest schema. */
export async function migratedDatabase(): Promise<TestDatabase> {
  return await createDatabase({ template: await templateDatabase('api', migrate) });
}

/** One API node, without HTTP and answers on the bus. */
export interface Node extends Foundation, Services {
  readonly bus: Bus;
  /** Ends the node as a crash would leave the database: jobs stop, nothing in hand is finished. */
  stop(): Promise<void>;
}

export interface NodeOptions extends Partial<FoundationOptions> {
  /** `idle`: the modules do nothing by themselves, neither jobs nor what follows on published events. Default: `running`. */
  readonly modules?: 'running' | 'idle';
}

/** One database, and as many nodes on it as a test wants. */
export interface Ground {
  readonly url: string;
  node(options?: NodeOptions): Promise<Node>;
  close(): Promise<void>;
}

export async function createGround(): Promise<Ground> {
  const database = await migratedDatabase();
  const nodes = new Set<Node>();
  return {
    url: database.url,
    async node({ modules = 'running', ...options } = {}) {
      const bus = options.bus ?? createMemoryBus();
      const foundation = await createFoundation({
        databaseUrl: database.url,
        clock: systemClock,
        logger: silentLogger(),
        testMode: true,
        poolSize: 8,
        ...options,
        bus,
      });
      const services = createServices(foundation);
      if (modules === 'running') startModules(foundation, services);
      const node: Node = {
        ...foundation,
        ...services,
        bus,
        async stop() {
          nodes.delete(node);
          foundation.stall.close();
          await foundation.jobs.stop();
          await services.inbox.close();
          await foundation.db.close();
        },
      };
      nodes.add(node);
      return node;
    },
    async close() {
      for (const node of nodes) await node.stop();
      await database.drop();
    },
  };
}
