import { Bundle } from '../sessions/bundle.ts';

const maxFrames = 64;

/** One serialised execution result, and the frames made from it so far: subscribers that need the same bytes share them. */
export class Payload {
  readonly json: Buffer;
  #key: string | undefined;
  #frame: Bundle | undefined;
  #others: Map<string, Bundle> | undefined;

  constructor(json: string) {
    this.json = Buffer.from(json);
  }

  /** The result inside a frame; `key` says everything that the frame depends on. */
  framed(key: string, frame: (key: string, json: Buffer) => Buffer): Bundle {
    if (this.#frame !== undefined && key === this.#key) return this.#frame;
    return this.#find(key, frame);
  }

  #find(key: string, frame: (key: string, json: Buffer) => Buffer): Bundle {
    const known = this.#others?.get(key);
    if (known !== undefined) return known;
    const made = new Bundle(frame(key, this.json));
    if (this.#frame === undefined) {
      this.#key = key;
      this.#frame = made;
      return made;
    }
    // Random ids never repeat; keeping a frame for each would only hold memory.
    this.#others ??= new Map();
    if (this.#others.size < maxFrames) this.#others.set(key, made);
    return made;
  }
}
