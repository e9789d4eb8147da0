import { type Clock, type Logger, type RpcServer, toError } from '@parley/service-kit';

export interface ServeWhileAbleOptions {
  /** Begins to answer the bus. */
  readonly serve: () => RpcServer;
  /** Rejects when this node cannot do what it is asked, within about a second. */
  readonly able: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

const lookEveryMs = 1_000;
/** Looks that fail in a row may be a busy moment: a slow node is of more use than none. */
const failuresAllowed = 3;

/**
 * Answers the bus only while the node is able to. The bus gives each question to any node that answers, so one that is cut from the database would
 * spoil its share of them; with it silent the others get all, and with all silent a caller learns at once that nobody is there.
 */
export function serveWhileAble({ serve, able, clock, logger }: ServeWhileAbleOptions): RpcServer {
  const first = serve();
  let current: RpcServer | null = first;
  let failures = 0;
  let closed = false;
  let timer: unknown;

  const look = async (): Promise<void> => {
    const why = await able().then(
      () => null,
      (error: unknown) => toError(error).message,
    );
    if (closed) return;
    failures = why === null ? 0 : failures + 1;
    if (why === null && current === null) {
      logger.info('answering the bus again');
      current = serve();
    }
    if (why !== null && current !== null && failures > failuresAllowed) {
      logger.warn({ why }, 'not answering the bus until the database can be reached');
      // What is in hand is answered as it can be.
      void current.close();
      current = null;
    }
    timer = clock.setTimeout(() => void look(), lookEveryMs);
  };
  timer = clock.setTimeout(() => void look(), lookEveryMs);

  return {
    ready: first.ready,
    async close() {
      closed = true;
      clock.clearTimeout(timer);
      await current?.close();
    },
  };
}
