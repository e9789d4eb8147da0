/** Receivers of a message: everyone without a queue group, and one of each group, chosen by chance as a NATS server does. */
export function pickReceivers<T extends { readonly queue: string | undefined }>(
  subscribed: readonly T[],
  random: () => number = Math.random,
): T[] {
  const chosen: T[] = [];
  const groups = new Map<string, T[]>();
  for (const receiver of subscribed) {
    if (receiver.queue === undefined) chosen.push(receiver);
    else groups.set(receiver.queue, [...(groups.get(receiver.queue) ?? []), receiver]);
  }
  for (const group of groups.values()) {
    const receiver = group[Math.floor(random() * group.length)];
    if (receiver !== undefined) chosen.push(receiver);
  }
  return chosen;
}
