import { connect, type Socket } from 'node:net';

/** What came in over all clients of a group. */
export interface Tally {
  /** Messages of at least {@link leastMessageBytes}: what is broadcast, not what keeps a connection alive. */
  messages: number;
  bytes: number;
  /** ms from the `at=` in a message to its arrival. */
  readonly onLatency: (ms: number) => void;
}

export const leastMessageBytes = 200;

/** Where one packet ends and what is in it; null while it is not whole. */
export interface Packet {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

/** A protocol over TCP, as far as a client needs it that reads and counts. */
export interface Dialect {
  readonly greeting: string | Buffer;
  /** Whether the answer to the greeting is HTTP. */
  readonly upgrades: boolean;
  next(data: Buffer, from: number): Packet | null;
  isMessage(packet: Packet): boolean;
  /** Called for everything that is short, or comes before the client is ready. */
  heard(client: LightClient, packet: Packet, payload: Buffer): void;
  opened(client: LightClient): void;
}

/**
 * A client on a bare TCP socket that does next to nothing for a message: thousands of them fit on one core beside the server that is measured, and
 * every contender is read by the same code.
 */
export class LightClient {
  readonly ready: Promise<void>;
  readonly index: number;
  readonly #socket: Socket;
  readonly #dialect: Dialect;
  readonly #tally: Tally;
  readonly #samples: boolean;
  #rest: Buffer | undefined;
  #isOpen = false;
  #isReady = false;
  #becomeReady: () => void = () => undefined;

  constructor(address: URL, dialect: Dialect, tally: Tally, { index, samples }: { index: number; samples: boolean }) {
    this.index = index;
    this.#dialect = dialect;
    this.#tally = tally;
    this.#samples = samples;
    this.#socket = connect({ host: address.hostname, port: Number(address.port), noDelay: true });
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = resolve;
      this.#socket.once('error', reject);
      this.#socket.once('close', () => reject(new Error('unable to measure; a client was cut off')));
    });
    // One that is cut off later shows by the messages that are missing.
    this.ready.catch(() => undefined);
    this.#socket.write(dialect.greeting);
    this.#socket.on('data', (data) => this.#receive(data));
  }

  send(data: Buffer): void {
    this.#socket.write(data);
  }

  markReady(): void {
    this.#isReady = true;
    this.#becomeReady();
  }

  /** Reads nothing from now on. */
  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    let data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    if (!this.#isOpen && this.#dialect.upgrades) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = data;
        return;
      }
      data = data.subarray(end + 4);
    }
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#dialect.opened(this);
    }
    let from = 0;
    for (let packet = this.#dialect.next(data, from); packet !== null; packet = this.#dialect.next(data, from)) {
      this.#take(data, packet);
      from = packet.end;
    }
    if (from < data.length) this.#rest = data.subarray(from);
  }

  #take(data: Buffer, packet: Packet): void {
    const length = packet.end - packet.start;
    if (!this.#isReady || !this.#dialect.isMessage(packet) || length < leastMessageBytes) {
      this.#dialect.heard(this, packet, data.subarray(packet.start, packet.end));
      return;
    }
    this.#tally.messages += 1;
    this.#tally.bytes += length;
    if (this.#samples) this.#sample(data.subarray(packet.start, packet.end));
  }

  #sample(payload: Buffer): void {
    const found = payload.indexOf('at=');
    if (found < 0) return;
    const sentUs = Number(payload.toString('latin1', found + 3, payload.indexOf(';', found)));
    this.#tally.onLatency((Number(process.hrtime.bigint() / 1_000n) - sentUs) / 1_000);
  }
}
