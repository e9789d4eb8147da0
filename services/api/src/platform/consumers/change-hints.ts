import { randomUUID } from 'node:crypto';
import type { ChangesBusMessage } from '@parley/contracts/bus';
import { subjects } from '@parley/contracts/bus';
import { changesBusMessage } from '@parley/schemas';
import { type Bus, type Clock, type Logger, parseJson, type TimerHandle } from '@parley/service-kit';
import { type Place, placeKey } from './partition.ts';

/** Notifies the node that has a channel in its share of new events there. A lost hint is made up for a little later. */
export interface ChangeHints {
  /** Something happened in the channel, on this node. Never throws. */
  changed(place: Place): void;
  close(): void;
}

export interface ChangeHintsDependencies {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** Hints the consumers of this node; false: those of others have to hear of it too. */
  readonly changed: (place: Place) => boolean;
}

/** Hints of this time travel together. */
const batchMs = 50;
const mostTogether = 500;

export function createChangeHints({ bus, clock, logger, changed }: ChangeHintsDependencies): ChangeHints {
  const nodeId = randomUUID();
  const waiting = new Map<string, Place>();
  let timer: TimerHandle | undefined;

  const send = () => {
    clock.clearTimeout(timer);
    timer = undefined;
    const channels = [...waiting.values()];
    waiting.clear();
    const message: ChangesBusMessage = { nodeId, channels };
    bus.publish(subjects.changes(), JSON.stringify(message)).catch(() => undefined);
  };

  const hear = (text: string) => {
    try {
      const message = changesBusMessage.parse(parseJson(text));
      if (message.nodeId === nodeId) return;
      for (const place of message.channels) changed(place);
    } catch (error) {
      logger.warn({ err: error }, 'unable to read a hint of another node; what it was about is found later');
    }
  };
  const subscription = bus.subscribe(subjects.changes(), hear);
  // It takes effect when the connection is there.
  subscription.ready.catch(() => undefined);

  return {
    changed({ appId, channelId }) {
      const place = { appId, channelId };
      if (changed(place)) return;
      waiting.set(placeKey(place), place);
      if (waiting.size >= mostTogether) send();
      else timer ??= clock.setTimeout(send, batchMs);
    },
    close() {
      subscription.unsubscribe();
      clock.clearTimeout(timer);
      waiting.clear();
    },
  };
}
