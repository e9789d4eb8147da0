import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { ParleyError } from '@parley/contracts';

/**
 * A backup is a gzip file of frames: a letter, a length, so many bytes. `H`: the header; for each table `T` with its columns, `D` with data as COPY has
 * them, `E` with the count of rows; at the end `Z` with the SHA-256 of all frames before it. Without that last one the file is cut short.
 */
export type FrameKind = 'H' | 'T' | 'D' | 'E' | 'Z';

export interface Frame {
  readonly kind: FrameKind;
  readonly bytes: Buffer;
}

const headBytes = 5;
/** What COPY gives at a time is far smaller. */
const mostBytes = 64 * 1024 * 1024;

export const damaged = (why: string, cause?: unknown): ParleyError =>
  new ParleyError('invalid_input', `unable to read the backup; ${why}: take another copy of it`, {
    field: 'file',
    cause,
  });

/** Frames as bytes, with the last one that makes them whole. */
export async function* writeFrames(frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const frame of frames) {
    const bytes = encoded(frame);
    hash.update(bytes);
    yield bytes;
  }
  yield encoded({ kind: 'Z', bytes: Buffer.from(hash.digest('hex')) });
}

function encoded({ kind, bytes }: Frame): Buffer {
  const head = Buffer.alloc(headBytes);
  head.write(kind, 0, 'latin1');
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** The frames of a file without its last one, by which the others are judged: who has come to the end has read what was written. @throws invalid_input */
export async function* readFrames(file: string): AsyncGenerator<Frame> {
  const hash = createHash('sha256');
  let isWhole = false;
  for await (const frame of rawFrames(file)) {
    if (isWhole) throw damaged('there is something behind its end');
    if (frame.kind === 'Z') {
      if (frame.bytes.toString() !== hash.digest('hex')) throw damaged('it was altered');
      isWhole = true;
      continue;
    }
    hash.update(encoded(frame));
    yield frame;
  }
  if (!isWhole) throw damaged('it is cut short');
}

async function* rawFrames(file: string): AsyncGenerator<Frame> {
  const source = createReadStream(file);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  let rest: Buffer = Buffer.alloc(0);
  try {
    // Without an encoding a stream gives buffers.
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let end = frameEnd(rest); end !== null; end = frameEnd(rest)) {
        yield { kind: kindOf(rest), bytes: rest.subarray(headBytes, end) };
        rest = rest.subarray(end);
      }
    }
  } catch (error) {
    throw explained(error);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  if (rest.length > 0) throw damaged('it is cut short');
}

function frameEnd(bytes: Buffer): number | null {
  if (bytes.length < headBytes) return null;
  const length = bytes.readUInt32BE(1);
  if (length > mostBytes) throw damaged('it was altered');
  return bytes.length < headBytes + length ? null : headBytes + length;
}

function kindOf(bytes: Buffer): FrameKind {
  const kind = bytes.toString('latin1', 0, 1);
  if (kind === 'H' || kind === 'T' || kind === 'D' || kind === 'E' || kind === 'Z') return kind;
  throw damaged('it was altered');
}

function explained(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'Z_BUF_ERROR') return damaged('it is cut short', error);
  if (code === 'Z_DATA_ERROR') {
    const isForeign = error instanceof Error && error.message.includes('header');
    return damaged(isForeign ? 'it is no backup of Parley' : 'it was altered', error);
  }
  if (code === 'ENOENT') return damaged('there is no such file', error);
  if (code === 'EACCES' || code === 'EISDIR') return damaged('it cannot be read', error);
  return error;
}
