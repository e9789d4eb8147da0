import { LRUCache } from 'lru-cache';

/** Cache in memory, within a number of bytes. */
export interface ByteBoundedCache<Value> {
  /** Undefined: it was not kept, or had to make room. */
  get(key: string): Value | undefined;
  /** Forgets what was not asked for the longest until there is room; an entry over `maxEntryBytes` is not kept. */
  set(key: string, value: Value): void;
  delete(key: string): void;
  /** Of all entries together, as `bytesOf` says and with their keys. */
  readonly bytes: number;
}

/** Options of {@link createByteBoundedCache}. */
export interface ByteBoundedCacheOptions<Value> {
  readonly maxBytes: number;
  /** Default: a tenth of `maxBytes`, so that one entry never drives out all others. */
  readonly maxEntryBytes?: number;
  /** Bytes that a value holds in memory, as far as is known; asked once for each entry, without its key. */
  readonly bytesOf: (value: Value) => number;
}

/** An entry of the cache itself, and a key's header. */
const entryBytes = 200;

/** A cache that is bounded by what it holds, not by how many: a caller chooses how large one entry is. */
export function createByteBoundedCache<Value extends NonNullable<unknown>>({
  maxBytes,
  maxEntryBytes = Math.floor(maxBytes / 10),
  bytesOf,
}: ByteBoundedCacheOptions<Value>): ByteBoundedCache<Value> {
  const entries = new LRUCache<string, Value>({
    maxSize: maxBytes,
    maxEntrySize: maxEntryBytes,
    // A character of a string takes up to two bytes.
    sizeCalculation: (value, key) => entryBytes + 2 * key.length + Math.ceil(bytesOf(value)),
  });
  return {
    get: (key) => entries.get(key),
    set: (key, value) => void entries.set(key, value),
    delete: (key) => void entries.delete(key),
    get bytes() {
      return entries.calculatedSize;
    },
  };
}
