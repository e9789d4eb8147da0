/** Deliveries in one go; after so many, sockets and timers get their turn. */
const batch = 256;

/** Runs what it is given in order, never within the call that gives it. */
export function createDeliveryQueue(): (delivery: () => void) => void {
  const waiting: (() => void)[] = [];
  let running = false;

  const drain = () => {
    let left = batch;
    while (waiting.length > 0) {
      const now = waiting.splice(0, left);
      for (const delivery of now) delivery();
      left -= now.length;
      if (left <= 0 && waiting.length > 0) {
        setImmediate(drain);
        return;
      }
    }
    running = false;
  };

  return (delivery) => {
    waiting.push(delivery);
    if (running) return;
    running = true;
    queueMicrotask(drain);
  };
}
