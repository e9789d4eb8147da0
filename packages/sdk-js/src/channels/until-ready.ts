import { ParleyError } from '@parley/contracts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Store } from '../lib/store.ts';
import type { ChannelState } from './channel.ts';

const readyMs = 30_000;

/** @throws the error of `failed` or `closed`; timeout; invalid_input when nobody watches */
export async function untilReady(clock: Clock, id: string, state: Store<ChannelState>): Promise<void> {
  if (state.get().status === 'idle') {
    throw new ParleyError('invalid_input', `unable to wait for channel ${id}; nobody watches it: call watch() first`);
  }
  let unsubscribe = (): void => {};
  const settled = new Promise<void>((resolve, reject) => {
    const look = (): void => {
      const { status, error } = state.get();
      if (status === 'live') resolve();
      if (error !== null) reject(error);
      if (status === 'idle') {
        reject(new ParleyError('disconnected', `unable to wait for channel ${id}; its last watcher has gone`));
      }
    };
    unsubscribe = state.subscribe(look);
    look();
  });
  try {
    await withDeadline(clock, readyMs, `unable to open channel ${id}; it was not live within 30 s`, () => settled);
  } finally {
    unsubscribe();
  }
}
