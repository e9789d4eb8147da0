import { ParleyError } from '@parley/contracts';
import * as closeCodes from '@parley/contracts/close-codes';

export interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

export interface GraphqlError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface GraphqlResult {
  readonly data?: unknown;
  readonly errors?: readonly GraphqlError[] | undefined;
}

export interface OperationSink {
  next(result: GraphqlResult): void;
  /** The server refused it. */
  error(error: ParleyError): void;
  complete(): void;
  /** The link ended under it; the outcome is unknown. */
  lost(): void;
}

/** An open connection to the server, by whatever transport. It ends once; then every operation on it hears `lost`. */
export interface Link {
  /** Whether queries and mutations may use it too. */
  readonly runsOperations: boolean;
  /** Returns a function that ends it and says so to the server. */
  run(operation: Operation, sink: OperationSink): () => void;
  /** Asks for a sign of life; any sign calls `heard`. */
  ping(): void;
  /** Hands over a new token; false: only a new link can take it. */
  renew(token: string): boolean;
  /** Ends it silently. `dead`: do not wait for the peer. */
  close(dead?: boolean): void;
}

export interface LinkEvents {
  ready(sessionId: string | null): void;
  /** The peer lives. */
  heard(): void;
  ended(end: LinkEnd): void;
}

export type LinkEnd =
  | {
      readonly kind: 'lost';
      readonly opened: boolean;
      readonly leastDelayMs: number;
      /** Why there was no link at all, when that is known. */
      readonly reason?: ParleyError | undefined;
    }
  | { readonly kind: 'unauthenticated'; readonly why: string }
  | { readonly kind: 'refused'; readonly reason: ParleyError };

export type OpenLink = (token: string, events: LinkEvents) => Link;

/** The next step of the client after a close code. `opened`: the socket had been open. */
export function endOf(code: number, why: string, opened: boolean): LinkEnd {
  const said = why === '' ? `code ${code}` : `code ${code}: ${why}`;
  switch (code) {
    case closeCodes.forbidden:
      return { kind: 'unauthenticated', why };
    case closeCodes.badRequest:
    case closeCodes.unauthorized:
    case closeCodes.badSubprotocol:
    case closeCodes.tooManyInits:
      return {
        kind: 'refused',
        reason: new ParleyError('invalid_input', `unable to connect; the server closed the socket with ${said}`),
      };
    case closeCodes.rateLimited:
      return { kind: 'lost', opened, leastDelayMs: 2000 };
    case closeCodes.unavailable:
      return { kind: 'lost', opened, leastDelayMs: 500 };
    default:
      return { kind: 'lost', opened, leastDelayMs: 0 };
  }
}
