import { type LoggedEvent, limits } from '@parley/contracts';
import { subjects } from '@parley/contracts/bus';
import type { Bus } from '@parley/service-kit';

/** Consecutive events of one channel that were committed together. */
export interface EventBatch {
  readonly appId: string;
  readonly channelId: string;
  readonly events: readonly LoggedEvent[];
  /** The same events as JSON, whole, so that each is serialised once. */
  readonly payloads: readonly string[];
}

/** Hands the batch to the bus, in as many messages as its size asks for; each says of which epoch its positions are. @throws unavailable, payload_too_large */
export async function publishBatch(bus: Bus, { appId, channelId, payloads }: EventBatch, epoch: string): Promise<void> {
  const subject = subjects.channel(appId, channelId);
  const sends: Promise<void>[] = [];
  let part: string[] = [];
  let bytes = 0;
  const send = () => {
    if (part.length > 0)
      sends.push(bus.publish(subject, `{"epoch":${JSON.stringify(epoch)},"events":[${part.join(',')}]}`));
    part = [];
    bytes = 0;
  };
  for (const payload of payloads) {
    const size = Buffer.byteLength(payload);
    if (bytes + size > limits.eventsPageBytes) send();
    part.push(payload);
    bytes += size;
  }
  send();
  await Promise.all(sends);
}
