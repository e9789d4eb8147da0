import type { Attachment, JsonObject, Message, ParleyError } from '@parley/contracts';

/** A message with what became of it: `sending` and `failed` ones are not on the server yet and have `seq` 0. */
export type MessageView = Message & {
  readonly status: 'sending' | 'sent' | 'failed';
  /** The viewer's own change that the server does not have yet, and that is shown already. */
  readonly pending: 'edit' | 'delete' | null;
  /** Why it was not sent; of a sent message, why its last edit or deletion was refused, until that is retried or discarded. */
  readonly error: ParleyError | null;
  /** The refused edit, when `error` is about one. The message itself is shown as the server has it. */
  readonly failedEdit: EditInput | null;
};

export interface AttachmentInput {
  readonly type: string;
  readonly url?: Attachment['url'];
  readonly title?: Attachment['title'];
  readonly mimeType?: Attachment['mimeType'];
  readonly size?: Attachment['size'];
  readonly width?: Attachment['width'];
  readonly height?: Attachment['height'];
  readonly durationMs?: Attachment['durationMs'];
  readonly thumbnailUrl?: Attachment['thumbnailUrl'];
  readonly custom?: JsonObject;
}

export interface SendInput {
  /** A UUID; the idempotency key. Default: a new one. */
  readonly id?: string | undefined;
  readonly text?: string | undefined;
  readonly attachments?: readonly AttachmentInput[] | undefined;
  readonly mentionedUserIds?: readonly string[] | undefined;
  /** Thread root; a reply is not shown in the channel's own list of messages. */
  readonly parentId?: string | undefined;
  readonly quotedId?: string | undefined;
  readonly custom?: JsonObject | undefined;
}

/** Omitted fields are unchanged. */
export interface EditInput {
  readonly text?: string;
  readonly attachments?: readonly AttachmentInput[];
  readonly mentionedUserIds?: readonly string[];
  readonly custom?: JsonObject;
}

export interface MessagesState {
  /** The loaded part of the timeline, without holes, oldest first; messages that are being sent come last. */
  readonly items: readonly MessageView[];
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  /** Whether there are messages after the loaded ones. While it is true, new messages are not added: they come by `loadNewer` or `jumpToNewest`. */
  readonly hasNewer: boolean;
  readonly loadingNewer: boolean;
}
