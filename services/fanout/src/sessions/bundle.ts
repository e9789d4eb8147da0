import type { Writable } from 'node:stream';

/** Above this, copying frames side by side costs more than handing them over one by one. */
const joinBytes = 64 * 1024;

/**
 * Frames that leave a connection in one write. Connections that wait for the same frames in the same order hold the same bundle, so a burst for a
 * thousand of them is put together once.
 */
export class Bundle {
  readonly bytes: number;
  readonly #last: Buffer;
  readonly #before: Bundle | undefined;
  #after: Bundle | undefined;
  #joined: Buffer | undefined;

  constructor(last: Buffer, before?: Bundle) {
    this.#last = last;
    this.#before = before;
    this.bytes = last.length + (before?.bytes ?? 0);
  }

  /** This one with the one frame of `next` behind it; the same for everyone who asks for the same, until {@link forget}. */
  with(next: Bundle, grown: (bundle: Bundle) => void): Bundle {
    const known = this.#after;
    if (known !== undefined && known.#last === next.#last) return known;
    if (known === undefined) grown(this);
    this.#after = new Bundle(next.#last, this);
    return this.#after;
  }

  /** Drops the longer bundle: the holder of a frame must not hold every burst that it was part of. */
  forget(): void {
    this.#after = undefined;
  }

  /** In one system call, as far as the kernel takes it. */
  writeTo(stream: Writable): void {
    if (this.#before === undefined || this.bytes <= joinBytes) {
      stream.write(this.joined);
      return;
    }
    stream.cork();
    for (const frame of this.#frames()) stream.write(frame);
    stream.uncork();
  }

  /** All of its bytes in one piece. */
  get joined(): Buffer {
    if (this.#before === undefined) return this.#last;
    this.#joined ??= Buffer.concat(this.#frames(), this.bytes);
    return this.#joined;
  }

  #frames(): readonly Buffer[] {
    const frames = [this.#last];
    for (let bundle = this.#before; bundle !== undefined; bundle = bundle.#before) frames.push(bundle.#last);
    return frames.reverse();
  }
}
