import { freePort } from '@parley/local-postgres';
import type { Logger } from '@parley/service-kit';
import { type Backends, createBackends } from './edge/backends.ts';
import { type ClusterNode, createNode } from './node.ts';
import type { ServiceKind } from './service-process.ts';

/** A node that is about to be started, and what it gets. */
export interface NodePlace {
  readonly kind: ServiceKind;
  readonly index: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Variables of a node beside those that it gets anyway, or instead of them. */
export type NodeEnvironment = (
  node: NodePlace,
) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

/** The file that a node runs instead of that of its service; undefined for the latter. */
export type NodeProgram = (node: Omit<NodePlace, 'environment'>) => string | undefined;

export interface NodesOptions {
  readonly kind: ServiceKind;
  readonly count: number;
  /** Environment of every node of the kind. */
  readonly environment: Readonly<Record<string, string>>;
  readonly env: NodeEnvironment | undefined;
  readonly program: NodeProgram | undefined;
  readonly restart: boolean;
  readonly logger: Logger;
}

/** The nodes of one kind, and the edge's view of them. */
export interface Nodes {
  readonly all: readonly ClusterNode[];
  readonly backends: Backends;
  /** Resolves when all are ready. @throws NodeStartError */
  start(): Promise<void>;
  /** Ends all of them, and the watch over them. */
  stop(): Promise<void>;
}

/** For work in hand to end when a node is stopped, in ms. */
const shutdownDeadlineMs = 10_000;
const stopPatienceMs = 15_000;

/** Nodes with an address each that are not started yet. */
export async function createNodes(options: NodesOptions): Promise<Nodes> {
  const { kind, count, env, program, restart, logger } = options;
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  const places = ports.map((port, index) => ({
    index,
    port,
    name: `${kind}-${index}`,
    url: `http://127.0.0.1:${port}`,
  }));
  const backends = createBackends({ nodes: places, logger });
  const all = places.map(({ index, port, name }) =>
    createNode({
      kind,
      index,
      port,
      restart,
      logger,
      stopPatienceMs,
      program: () => program?.({ kind, index }),
      beforeStop: () => backends.leave(name),
      onReady: () => backends.ready(name),
      async environment() {
        const environment = {
          ...options.environment,
          HOST: '127.0.0.1',
          PORT: String(port),
          // Its last lines are what a failed start is explained with.
          LOG_LEVEL: logger.isLevelEnabled('warn') ? logger.level : 'warn',
          SHUTDOWN_DEADLINE_MS: String(shutdownDeadlineMs),
        };
        return { ...environment, ...(await env?.({ kind, index, environment })) };
      },
    }),
  );
  return {
    all,
    backends,
    start: async () => void (await Promise.all(all.map((node) => node.start()))),
    async stop() {
      await Promise.all(all.map((node) => node.stop()));
      backends.close();
    },
  };
}
