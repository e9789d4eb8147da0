import type { DocumentNode } from 'graphql';
import { type ResumableDocument, resumableDocument } from './resumable-document.ts';

/** What a client hands on of an answer. */
interface Answer {
  readonly data?: unknown;
}

/** A subscription that can go on where it was. */
export interface ResumedOperation {
  /** The document with what the position needs. */
  readonly query: DocumentNode;
  /**
   * The variables with the newest position. Clients keep this object and read it each time they send the operation, so it is changed in place and stays the
   * same object for as long as the operation runs.
   */
  readonly variables: Record<string, unknown>;
  /** Moves the position past an answer; false when the event was there before. */
  take(answer: Answer): boolean;
}

/** Gives a subscription that resumes; null for everything that has no position. */
export type OpenResumed = (
  query: DocumentNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
) => ResumedOperation | null;

/** One for each client: the same document stays the same object, which clients cache by. */
export function createResume(): OpenResumed {
  const known = new WeakMap<DocumentNode, ResumableDocument | null>();
  return (query, given) => {
    let resumable = known.get(query);
    if (resumable === undefined) {
      resumable = resumableDocument(query);
      known.set(query, resumable);
    }
    return resumable && resumedOperation(resumable, given);
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A subscription at the position that its document and variables give. */
export function resumedOperation(
  { document, responseKey, keyOf, position }: ResumableDocument,
  given: Readonly<Record<string, unknown>> | null | undefined,
): ResumedOperation {
  const literals = [...position.values()].map(({ variable, literal }): [string, unknown] => [variable, literal]);
  const variables: Record<string, unknown> = { ...Object.fromEntries(literals), ...given };
  const atFirst = new Map(Object.entries(variables));
  const known = new Map([...position].map(([argument, { variable }]) => [argument, atFirst.get(variable)]));

  const move = (argument: string, value: unknown): void => {
    known.set(argument, value);
    const variable = position.get(argument)?.variable;
    // Assigning would not make a variable of the name __proto__.
    if (variable !== undefined)
      Object.defineProperty(variables, variable, { value, configurable: true, enumerable: true, writable: true });
  };

  const takeLogged = (event: Record<string, unknown>): boolean => {
    const seq = ownField(event, keyOf('seq'));
    if (typeof seq !== 'number') return true;
    const last = known.get('after');
    const isNewer = typeof last !== 'number' || seq > last;
    const epoch = ownField(event, keyOf('epoch'));
    if (typeof epoch !== 'string') {
      if (isNewer) move('after', seq);
      return isNewer;
    }
    // ChannelSynced and ChannelReset say which log it is. Positions of another log may be lower.
    if (isNewer || ownField(event, keyOf('__typename')) === 'ChannelReset' || epoch !== known.get('epoch'))
      move('after', seq);
    move('epoch', epoch);
    return true;
  };

  return {
    query: document,
    variables,
    take({ data }) {
      const event = isObject(data) ? ownField(data, responseKey) : undefined;
      if (!isObject(event)) return true;
      if (position.has('epoch')) return takeLogged(event);
      // Numbers of the inbox are absolute, so that one twice does no harm. Several events may share a cursor.
      const cursor = ownField(event, keyOf('cursor'));
      if (typeof cursor === 'string') move('after', cursor);
      return true;
    },
  };
}

/** A key that somebody chose may be the name of something that every object inherits. */
const ownField = (object: object, key: string): unknown => new Map<string, unknown>(Object.entries(object)).get(key);
