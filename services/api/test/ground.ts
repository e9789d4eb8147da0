import { type Bus, createMemoryBus, silentLogger, systemClock } from '@parley/service-kit';
import { createDatabase, type TestDatabase, templateDatabase } from '@parley/testkit';
import { createFoundation, type Foundation, type FoundationOptions } from '../src/foundation.ts';
import { loadChannels } from '../src/modules/channels/repository.ts';
import { lastMessages } from '../src/modules/messages/repository.ts';
import { migrate } from '../src/platform/migrate.ts';

/** A database with the newest schema. */
export async function migratedDatabase(): Promise<TestDatabase> {
  return await createDatabase({ template: await templateDatabase('api', migrate) });
}

/** The platform of one API node, without the chat domain. */
export interface Node extends Foundation {
  readonly bus: Bus;
  /** Ends the node as a crash would leave the database: jobs stop, nothing in hand is finished. */
  stop(): Promise<void>;
}

/** One database, and as many nodes on it as a test wants. */
export interface Ground {
  readonly url: string;
  node(options?: Partial<FoundationOptions>): Promise<Node>;
  close(): Promise<void>;
}

export async function createGround(): Promise<Ground> {
  const database = await migratedDatabase();
  const nodes = new Set<Node>();
  return {
    url: database.url,
    async node(options = {}) {
      const bus = options.bus ?? createMemoryBus();
      const foundation = await createFoundation({
        databaseUrl: database.url,
        clock: systemClock,
        logger: silentLogger(),
        sources: { channels: loadChannels, lastMessages },
        testMode: true,
        poolSize: 8,
        ...options,
        bus,
      });
      const node: Node = {
        ...foundation,
        bus,
        async stop() {
          nodes.delete(node);
          foundation.stall.close();
          await foundation.jobs.stop();
          await foundation.inbox.close();
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
