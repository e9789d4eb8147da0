import { guarded } from './guarded.ts';

/** Runs a pure state machine. */
export interface Machine<State, Input> {
  readonly state: State;
  take(input: Input): void;
}

/** An input that comes of an effect waits until all effects of the step are done, so that a step is never taken within another. */
export function createMachine<State, Input, Effect>(
  initial: State,
  next: (state: State, input: Input) => readonly [State, readonly Effect[]],
  run: (effect: Effect) => void,
): Machine<State, Input> {
  let inputs: Input[] = [];
  let state = initial;
  let running = false;
  return {
    get state() {
      return state;
    },
    take(input) {
      inputs.push(input);
      if (running) return;
      running = true;
      // An input that a step adds comes after it.
      for (const each of inputs) {
        const [after, effects] = next(state, each);
        state = after;
        for (const effect of effects) guarded(() => run(effect));
      }
      inputs = [];
      running = false;
    },
  };
}
