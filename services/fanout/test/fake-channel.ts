import type { EphemeralEvent, LoggedEvent, ReadAdvanced } from '@parley/contracts';
import { type ChannelBusMessage, subjects } from '@parley/contracts/bus';
import type { Bus } from '@parley/service-kit';
import type { Draft } from './events.ts';
import { appId } from './fake-app.ts';

/** A channel of the fake API: its log is the truth, the bus gets copies as the test wants. */
export class FakeChannel {
  readonly id: string;
  events: LoggedEvent[] = [];
  /** Null: everyone. */
  readers: Set<string> | null = null;
  floor = 0;
  reads: readonly ReadAdvanced[] = [];
  /** `hold`: kept until {@link release}. */
  copies: 'deliver' | 'drop' | 'hold' = 'deliver';
  readonly #bus: Bus;
  readonly #held: LoggedEvent[] = [];
  readonly #epoch: () => string;
  #isDeleted = false;

  constructor(bus: Bus, id: string, epoch: () => string) {
    this.#bus = bus;
    this.#epoch = epoch;
    this.id = id;
  }

  get head(): number {
    return this.events.length;
  }

  get isDeleted(): boolean {
    return this.#isDeleted;
  }

  /** Writes events in one transaction; their copies travel in one message. */
  append(...drafts: readonly Draft[]): readonly LoggedEvent[] {
    const written = drafts.map((draft) => {
      const seq = this.head + 1;
      // Spreading a union loses which member it is; seq and channelId are what every one of them lacked.
      const event = { ...draft, seq, channelId: this.id } as LoggedEvent;
      const placed = event.__typename === 'MessageCreated' ? { ...event, message: { ...event.message, seq } } : event;
      this.events.push(placed);
      if (placed.__typename === 'ChannelDeleted') this.#isDeleted = true;
      return placed;
    });
    if (this.copies === 'deliver') this.publish(written);
    if (this.copies === 'hold') this.#held.push(...written);
    return written;
  }

  /** Gives out the held copies, one message each, in an order of the test's choice. */
  release(order: (held: readonly LoggedEvent[]) => readonly LoggedEvent[] = (held) => held): void {
    for (const event of order(this.#held.splice(0))) this.publish([event]);
  }

  publish(events: readonly (LoggedEvent | EphemeralEvent)[]): void {
    // A copy that does not get through is what some tests are about.
    const message: ChannelBusMessage = { epoch: this.#epoch(), events };
    this.#bus.publish(subjects.channel(appId, this.id), JSON.stringify(message)).catch(() => undefined);
  }
}
