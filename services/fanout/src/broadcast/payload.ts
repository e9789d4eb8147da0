const maxWrapped = 64;

/** One serialised execution result, and the frames made from it so far: subscribers that need the same bytes share them. */
export class Payload {
  readonly json: Buffer;
  readonly #wrapped = new Map<string, Buffer>();

  constructor(json: string) {
    this.json = Buffer.from(json);
  }

  /** The result inside a frame; `key` says everything that the frame depends on. */
  wrapped(key: string, wrap: (key: string, json: Buffer) => Buffer): Buffer {
    const known = this.#wrapped.get(key);
    if (known !== undefined) return known;
    const frame = wrap(key, this.json);
    // Random ids never repeat; keeping a frame for each would only hold memory.
    if (this.#wrapped.size < maxWrapped) this.#wrapped.set(key, frame);
    return frame;
  }
}
