import type { Attachment, Message, User } from '@parley/contracts';
import type { AttachmentInput, MessageView, SendInput } from './message-view.ts';

export interface ProvisionalContext {
  readonly channelId: string;
  readonly author: () => User | null;
  readonly quoted: (id: string) => Message | undefined;
  /** ISO 8601. */
  readonly at: string;
}

/** The message as it will look, before the server has it. */
export function provisional(
  input: SendInput & { readonly id: string },
  { channelId, author, quoted, at }: ProvisionalContext,
): MessageView {
  const source = input.quotedId === undefined ? undefined : quoted(input.quotedId);
  return {
    id: input.id,
    channelId,
    seq: 0,
    kind: 'REGULAR',
    user: author(),
    text: input.text ?? '',
    attachments: provisionalAttachments(input.attachments ?? []),
    mentionedUsers: [],
    parentId: input.parentId ?? null,
    quoted: source === undefined ? null : { ...source, quoted: null },
    replyCount: 0,
    reactionGroups: [],
    ownReactions: [],
    custom: input.custom ?? {},
    createdAt: at,
    editedAt: null,
    deletedAt: null,
    status: 'sending',
    pending: null,
    error: null,
    failedEdit: null,
  };
}

export const provisionalAttachments = (inputs: readonly AttachmentInput[]): readonly Attachment[] =>
  inputs.map((input, at) => ({
    id: `local-${at}`,
    type: input.type,
    url: input.url ?? null,
    title: input.title ?? null,
    mimeType: input.mimeType ?? null,
    size: input.size ?? null,
    width: input.width ?? null,
    height: input.height ?? null,
    durationMs: input.durationMs ?? null,
    thumbnailUrl: input.thumbnailUrl ?? null,
    custom: input.custom ?? {},
  }));
