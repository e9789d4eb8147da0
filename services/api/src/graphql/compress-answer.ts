import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import Negotiator from 'negotiator';

/** A smaller answer fits into one packet as it is. */
const leastBytes = 1_024;
/** Answers that are compressed at the same time, as many as zlib has threads; a further one goes as it is. */
const mostAtOnce = 4;

type Encoding = 'br' | 'gzip';

const encodings: readonly string[] = ['br', 'gzip', 'identity'] satisfies readonly (Encoding | 'identity')[];

/** The levels at which it takes the fewest milliseconds: 0.2 ms for a page of 30 KB, which becomes a tenth of it. */
const compressors = {
  br: promisify((body: string, done: Done) =>
    brotliCompress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }, done),
  ),
  gzip: promisify((body: string, done: Done) => gzip(body, { level: 1 }, done)),
};
type Done = (error: Error | null, compressed: Buffer) => void;

export interface CompressedAnswer {
  readonly encoding: Encoding;
  readonly body: Buffer;
}

/** Compresses answers for clients that take it. */
export interface AnswerCompressor {
  /** Null: the answer goes as it is, since it is small, the client takes no encoding or many others are being compressed. */
  compress(req: Pick<IncomingMessage, 'headers'>, body: string, bytes: number): Promise<CompressedAnswer> | null;
}

/**
 * It tells an eavesdropper nothing (BREACH) as long as nobody else can make a browser ask: who asks sends a token in a header, which no page of another
 * website can add, and no answer repeats the token. See docs/security.md.
 */
export function createAnswerCompressor(): AnswerCompressor {
  let running = 0;

  async function compressed(body: string, encoding: Encoding): Promise<CompressedAnswer> {
    running += 1;
    try {
      return { encoding, body: await compressors[encoding](body) };
    } finally {
      running -= 1;
    }
  }

  return {
    compress({ headers }, body, bytes) {
      if (bytes < leastBytes || running >= mostAtOnce || headers['accept-encoding'] === undefined) return null;
      const chosen = new Negotiator({ headers }).encoding([...encodings]);
      return chosen === 'br' || chosen === 'gzip' ? compressed(body, chosen) : null;
    },
  };
}
