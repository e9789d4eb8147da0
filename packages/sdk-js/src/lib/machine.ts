import { guarded } from './store.ts';

/** Runs a pure state machine. */
export interface Machine<State, Input> {
  readonly state: State;
  take(input: Input): void;
}

/** What an effect leads to waits until the effects before it are done, so that a step is never taken within another. */
export function createMachine<State, Input, Effect>(
  initial: State,
  next: (state: State, input: Input) => readonly [State, readonly Effect[]],
  run: (effect: Effect) => void,
): Machine<State, Input> {
  const inputs: Input[] = [];
  let state = initial;
  let running = false;
  return {
    get state() {
      return state;
    },
    take(given) {
      inputs.push(given);
      if (running) return;
      running = true;
      for (let input = inputs.shift(); input !== undefined; input = inputs.shift()) {
        const [after, effects] = next(state, input);
        state = after;
        for (const effect of effects) guarded(() => run(effect));
      }
      running = false;
    },
  };
}
