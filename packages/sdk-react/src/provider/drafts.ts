import type { MessageView } from '@parley/sdk-js';
import { createValue, type Value } from '../lib/value.ts';

/** What a person has begun in one channel and not yet sent. */
export interface Draft {
  readonly text: string;
  readonly quoting: MessageView | null;
  /** Id of the own message that is being edited. */
  readonly editingId: string | null;
}

/** Drafts outlive the components that show them: leaving a channel and coming back finds them again. */
export interface Drafts {
  of(channelId: string): Value<Draft>;
}

export const emptyDraft: Draft = { text: '', quoting: null, editingId: null };

const keptDrafts = 200;

export function createDrafts(): Drafts {
  const drafts = new Map<string, Value<Draft>>();
  return {
    of(channelId) {
      const known = drafts.get(channelId);
      if (known !== undefined) return known;
      if (drafts.size >= keptDrafts) forgetEmpty(drafts);
      const draft = createValue(emptyDraft);
      drafts.set(channelId, draft);
      return draft;
    },
  };
}

function forgetEmpty(drafts: Map<string, Value<Draft>>): void {
  for (const [channelId, draft] of drafts) if (draft.get() === emptyDraft) drafts.delete(channelId);
}
