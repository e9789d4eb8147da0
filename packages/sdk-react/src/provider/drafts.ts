import type { MessageView } from '@parley/sdk-js';
import { createValue, type Value } from '../lib/value.ts';

/** What a person has begun in one channel and not yet sent. */
export interface Draft {
  readonly text: string;
  readonly quoting: MessageView | null;
  /** Id of the own message that is being edited. */
  readonly editingId: string | null;
  /** Id of a message → the text of an edit that is neither saved nor given up. */
  readonly edits: ReadonlyMap<string, string>;
}

/** Drafts outlive the components that show them: leaving a channel and coming back finds them again. */
export interface Drafts {
  of(channelId: string): Value<Draft>;
}

export const emptyDraft: Draft = { text: '', quoting: null, editingId: null, edits: new Map() };

const keptDrafts = 200;
/** In one channel; far more than anybody begins and leaves open. */
const keptEdits = 100;

/** The draft with another text for the edit of a message; null: without one. */
export function withEdit(draft: Draft, messageId: string, text: string | null): Draft {
  const edits = new Map(draft.edits);
  edits.delete(messageId);
  if (text !== null) edits.set(messageId, text);
  for (const [oldest] of edits) if (edits.size > keptEdits) edits.delete(oldest);
  return { ...draft, edits };
}

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
  for (const [channelId, draft] of drafts) if (isEmpty(draft.get())) drafts.delete(channelId);
}

const isEmpty = ({ text, quoting, editingId, edits }: Draft): boolean =>
  text === '' && quoting === null && editingId === null && edits.size === 0;
