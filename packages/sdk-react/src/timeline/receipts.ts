import type { MessageView } from '@parley/sdk-js';

export type Receipt = 'sending' | 'sent' | 'read' | 'failed';

/** The furthest that anyone but the viewer has read. */
export function furthestRead(reads: ReadonlyMap<string, number>, userId: string | null): number {
  let furthest = 0;
  for (const [reader, seq] of reads) if (reader !== userId && seq > furthest) furthest = seq;
  return furthest;
}

export function receiptOf(message: MessageView, furthest: number): Receipt {
  if (message.status !== 'sent') return message.status;
  return message.seq <= furthest ? 'read' : 'sent';
}

/** Who stopped reading where: message id → readers, for the last message that each has read. Authors are not readers of their own words. */
export function readersByMessage(
  items: readonly MessageView[],
  reads: ReadonlyMap<string, number>,
  userId: string | null,
): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>();
  for (const [reader, seq] of reads) {
    if (reader === userId) continue;
    const last = items.findLast((message) => message.status === 'sent' && message.seq <= seq);
    if (last === undefined || last.user?.id === reader) continue;
    const there = readers.get(last.id);
    if (there === undefined) readers.set(last.id, [reader]);
    else there.push(reader);
  }
  return readers;
}
