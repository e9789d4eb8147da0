import { type LoggedEvent, ParleyError, type Seq } from '@parley/contracts';
import type { Clock, Logger } from '@parley/service-kit';
import type { AskApi } from '../api-client.ts';
import type { Counters } from '../counters.ts';
import { HoleRepair } from './hole-repair.ts';
import { LogFiller } from './log-filler.ts';
import { outcomeOf } from './log-page.ts';
import { isNewer, knownPartOfLog } from './newer-event.ts';
import { RecentEvents } from './recent-events.ts';
import type { ReplayBudget } from './replay-budget.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { Sequencer } from './sequencer.ts';

export interface ReplicaDeps {
  readonly ask: AskApi;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly counters: Pick<Counters, 'repairs'>;
  readonly eventsPage: number;
  readonly replayBudget: ReplayBudget;
}

/** Hears what happens to a replica. */
export interface ReplicaListener {
  /** The next event of the log: in order of `seq`, each once. */
  logged(event: LoggedEvent): void;
  /** Members were removed by an event that may not be in order yet. */
  membersRemoved(userIds: readonly string[]): void;
  /** The log no longer holds what lies between the last event and `head`. Held events up to `head` follow, for a snapshot that is older. */
  reset(head: Seq): void;
  /** The log was set back: everything known of it is void, and it continues after `head`. */
  restarted(head: Seq): void;
  /** The channel does not exist any more. */
  deleted(): void;
}

const maxHeld = 500;
/** Estimated size of an event that came early and was held. */
const usualEventBytes = 2_048;

/** The log of one channel as this node has it: copies from the bus in order, holes filled from the API, the newest events at hand for replays. */
export class ChannelReplica {
  readonly buffer: ReplayBuffer;
  /** Brings events that the buffer does not hold. */
  readonly filler: LogFiller;
  readonly #place: { readonly appId: string; readonly channelId: string };
  readonly #deps: ReplicaDeps;
  readonly #listener: ReplicaListener;
  readonly #recent: RecentEvents;
  readonly #repair: HoleRepair;
  readonly #sequencer = new Sequencer(maxHeld);
  /** Null before the first join. */
  #epoch: string | null = null;
  #askingEpoch = false;
  #closed = false;

  constructor(appId: string, channelId: string, deps: ReplicaDeps, listener: ReplicaListener) {
    this.#place = { appId, channelId };
    this.#deps = deps;
    this.#listener = listener;
    const { ask, clock, eventsPage } = deps;
    const recent = new RecentEvents(clock);
    this.#recent = recent;
    this.buffer = new ReplayBuffer(deps.replayBudget);
    const epoch = () => this.epoch;
    this.filler = new LogFiller({ appId, channelId, ask, eventsPage, recent, buffer: this.buffer, epoch });
    this.#repair = new HoleRepair({
      clock,
      hasHole: () => this.#sequencer.hasHole,
      readPage: () => this.#readPage(),
      failed: (error) => this.#failed(error),
    });
  }

  /** Position of the last event that the listener got. Null before the first join. */
  get head(): Seq | null {
    return this.#sequencer.head;
  }

  /** Epoch of the log, as of the last answer of the API. */
  get epoch(): string {
    return this.#epoch ?? '';
  }

  /** The API says that the log reaches to `head`, in `epoch`. `now`: a copy of it is not merely late. */
  noteHead(head: Seq, epoch: string, { now = false } = {}): void {
    if (this.#epoch !== null && epoch !== this.#epoch) {
      this.#restart(head, epoch);
      return;
    }
    this.#epoch = epoch;
    if (this.#sequencer.head === null) this.buffer.startAt(head);
    this.#deliver(this.#sequencer.note(head));
    this.#repair.check({ now });
  }

  /** The channel has read pointers up to `head`, in the present epoch. */
  noteReadTo(head: Seq): void {
    if (this.#epoch !== null && this.head !== null) this.noteHead(head, this.#epoch);
  }

  /** Takes copies from the bus. `bytes`: size of each. */
  receive(events: readonly LoggedEvent[], epoch: string | undefined, bytes: number): void {
    if (this.#isOfAnotherEpoch(epoch)) return void this.#askEpoch();
    this.#accept(events, bytes);
    this.#repair.check({ now: this.#sequencer.isFull });
  }

  close(): void {
    this.#closed = true;
    this.#repair.close();
    this.#recent.forget();
    this.buffer.startAt(0);
  }

  /** Copies from the bus, or events of the log in their place: a removal counts wherever it was learnt. */
  #accept(events: readonly LoggedEvent[], bytes: number): void {
    this.#deliver(this.#sequencer.accept(events), bytes);
    // At once, in order or not: a hole must not keep a removed member watching.
    for (const event of events) if (event.__typename === 'MembersRemoved') this.#listener.membersRemoved(event.userIds);
  }

  #deliver(events: readonly LoggedEvent[], bytes = usualEventBytes): void {
    for (const event of events) {
      if (isNewer(event)) this.#forgetBefore(event);
      else this.buffer.append(event, bytes);
      this.#listener.logged(event);
      if (event.__typename === 'ChannelDeleted') this.#listener.deleted();
    }
  }

  /** A newer kind of event may change what earlier ones say, as a deletion does. The log knows how; replays come from there. */
  #forgetBefore({ seq }: LoggedEvent): void {
    this.buffer.startAt(seq);
    this.#recent.forget();
  }

  /** Copies that came before the first join are held. They belong to the epoch that the replica begins with. */
  #isOfAnotherEpoch(epoch: string | undefined): boolean {
    if (epoch === undefined) return false;
    this.#epoch ??= epoch;
    return epoch !== this.#epoch;
  }

  /** A copy has another epoch, which may be over or new. The API says which one holds; events that were not taken from the copy are in the log. */
  async #askEpoch(): Promise<void> {
    if (this.#askingEpoch) return;
    this.#askingEpoch = true;
    try {
      const { epoch, heads } = await this.#deps.ask('channel.heads', { channels: [this.#place] });
      const [head] = heads;
      if (!this.#closed && head === null) this.#listener.deleted();
      else if (!this.#closed && head !== undefined && head !== null) this.noteHead(head, epoch, { now: true });
    } catch (error) {
      // The comparison of all heads asks again within ten seconds.
      this.#warn(error, 'unable to ask for the epoch of the log; it will be asked again');
    } finally {
      this.#askingEpoch = false;
    }
  }

  #restart(head: Seq, epoch: string): void {
    this.#epoch = epoch;
    this.buffer.startAt(head);
    this.#recent.forget();
    this.#sequencer.restartAt(head);
    this.#listener.restarted(head);
  }

  /** Whether the page moved the head forward. */
  async #readPage(): Promise<boolean> {
    const { ask, counters, eventsPage: limit } = this.#deps;
    const after = this.#sequencer.head ?? 0;
    counters.repairs += 1;
    const page = await ask('channel.events', { ...this.#place, after, limit });
    if (this.#closed) return true;
    const head = this.#sequencer.head ?? 0;
    const outcome = outcomeOf(page, { epoch: this.#epoch, head });
    if (outcome.kind === 'otherEpoch') this.noteHead(page.head, page.epoch);
    else if (outcome.kind === 'pruned') this.#resumeAt(outcome.resumeAt);
    else {
      this.#accept(knownPartOfLog(page.events), usualEventBytes);
      if (outcome.isEnd) this.#sequencer.settleFor(page.head);
    }
    return outcome.kind !== 'events' || (this.#sequencer.head ?? 0) > after;
  }

  #resumeAt(position: Seq): void {
    this.buffer.startAt(position);
    const ready = this.#sequencer.startAt(position);
    this.#listener.reset(this.#sequencer.head ?? position);
    this.#deliver(ready);
  }

  #failed(error: unknown): void {
    if (error instanceof ParleyError && (error.code === 'not_found' || error.code === 'forbidden'))
      this.#listener.deleted();
    else this.#warn(error, 'unable to repair a hole in a channel; it will be tried again');
  }

  #warn(error: unknown, message: string): void {
    this.#deps.logger.warn({ err: error, channelId: this.#place.channelId }, message);
  }
}
