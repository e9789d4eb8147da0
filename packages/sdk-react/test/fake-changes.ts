import type { EditInput, MessageView } from '@parley/sdk-js';

export interface FakeChangesOptions {
  /** Shows a message in another way, when it is there. */
  readonly change: (id: string, next: (item: MessageView) => MessageView) => void;
  /** Throws what the server refuses with. */
  readonly accepted: () => Promise<void>;
}

/** Edits and deletions: a message says when its last one was refused, until that is tried again or discarded. */
export function createFakeChanges({ change, accepted }: FakeChangesOptions) {
  const failed = new Map<string, () => Promise<MessageView>>();
  const discard = (id: string): void => {
    failed.delete(id);
    change(id, (item) => (item.status === 'sent' ? { ...item, error: null, failedEdit: null } : item));
  };
  const attempt = async (id: string, failedEdit: EditInput | null, work: () => MessageView): Promise<MessageView> => {
    discard(id);
    await accepted().catch((error) => {
      failed.set(id, () => attempt(id, failedEdit, work));
      change(id, (item) => ({ ...item, error, failedEdit }));
      throw error;
    });
    return work();
  };
  return { attempt, discard, again: (id: string) => failed.get(id) };
}
