import type { History } from '../history.ts';
import { checkChanges } from './changes.ts';
import { checkSends } from './sends.ts';
import type { FinalState, Violation } from './state.ts';
import { checkTracks } from './tracks.ts';
import { checkViews } from './views.ts';

/** Holds what was done and seen against what is; nothing found is what was promised. */
export function check(history: History, state: FinalState): Violation[] {
  return [
    ...history.complaints.map((detail) => ({ breach: 'promise' as const, detail })),
    ...checkSends(history, state),
    ...checkChanges(history, state),
    ...checkTracks(history, state),
    ...checkViews(state),
  ];
}
