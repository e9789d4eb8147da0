import { createHash, randomUUID } from 'node:crypto';
import type { Attachment, JsonObject } from '@parley/contracts';
import { invalidInput, limits, parseUserId } from '@parley/contracts';
import { checkedCustom, checkedList, checkedText, checkedUrl } from '../channels/field-rules.ts';
import { canonicalJson } from './canonical-json.ts';

/** What a sender says of an attachment. */
export interface AttachmentInput {
  readonly type: string;
  readonly url?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly mimeType?: string | null | undefined;
  readonly size?: number | null | undefined;
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
  readonly durationMs?: number | null | undefined;
  readonly thumbnailUrl?: string | null | undefined;
  readonly custom?: JsonObject | null | undefined;
}

/** The part of a message that its author may change later. */
export interface MessageContent {
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly mentionedUserIds: readonly string[];
  readonly custom: JsonObject;
}

export interface MessageContentInput {
  readonly text?: string | null | undefined;
  readonly attachments?: readonly AttachmentInput[] | null | undefined;
  readonly mentionedUserIds?: readonly string[] | null | undefined;
  readonly custom?: JsonObject | null | undefined;
}

const shortText = 255;

function checkedCount(field: string, value: number | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (value >= 0) return value;
  throw invalidInput(field, 'a size is 0 or more');
}

function checkedAttachment(input: AttachmentInput, at: string): Attachment {
  const text = (name: 'title' | 'mimeType') => {
    const value = input[name];
    return value === null || value === undefined ? null : checkedText(`${at}.${name}`, value, shortText);
  };
  if (input.type === '') throw invalidInput(`${at}.type`, 'name a type, for example "image" or "file"');
  return {
    id: randomUUID(),
    type: checkedText(`${at}.type`, input.type, shortText),
    url: checkedUrl(`${at}.url`, input.url ?? null),
    title: text('title'),
    mimeType: text('mimeType'),
    size: checkedCount(`${at}.size`, input.size),
    width: checkedCount(`${at}.width`, input.width),
    height: checkedCount(`${at}.height`, input.height),
    durationMs: checkedCount(`${at}.durationMs`, input.durationMs),
    thumbnailUrl: checkedUrl(`${at}.thumbnailUrl`, input.thumbnailUrl ?? null),
    custom: checkedCustom(`${at}.custom`, input.custom ?? {}),
  };
}

function checkedAttachments(inputs: readonly AttachmentInput[]): readonly Attachment[] {
  checkedList('attachments', inputs, limits.attachments);
  const attachments = inputs.map((input, index) => checkedAttachment(input, `attachments.${index}`));
  const bytes = Buffer.byteLength(JSON.stringify(attachments));
  if (bytes > limits.attachmentsBytes) {
    throw invalidInput(
      'attachments',
      `together they hold up to ${limits.attachmentsBytes} bytes of JSON, these have ${bytes}`,
      limits.attachmentsBytes,
    );
  }
  return attachments;
}

/** The given fields, checked; the others as they are in `base`. @throws invalid_input */
export function checkedContent(input: MessageContentInput, base: MessageContent): MessageContent {
  const content = {
    text:
      input.text === null || input.text === undefined ? base.text : checkedText('text', input.text, limits.messageText),
    attachments: input.attachments ? checkedAttachments(input.attachments) : base.attachments,
    mentionedUserIds: input.mentionedUserIds
      ? checkedList('mentionedUserIds', input.mentionedUserIds, limits.mentionedUsers).map((id, index) =>
          parseUserId(id, `mentionedUserIds.${index}`),
        )
      : base.mentionedUserIds,
    custom: input.custom ? checkedCustom('custom', input.custom) : base.custom,
  };
  if (content.text.trim() === '' && content.attachments.length === 0) {
    throw invalidInput('text', 'a message holds text or at least one attachment');
  }
  return content;
}

export const noContent: MessageContent = { text: '', attachments: [], mentionedUserIds: [], custom: {} };

/** What tells a repeated send from another one under the same id. Ids of attachments are made by us, so they do not count. */
export function contentHash(
  userId: string | null,
  channelId: string,
  content: MessageContent,
  place: JsonObject,
): string {
  const attachments = content.attachments.map(({ id: _id, ...said }) => said);
  return createHash('sha256')
    .update(canonicalJson({ ...content, attachments, userId, channelId, ...place }))
    .digest('base64url');
}

/** Whether an edit leaves the message as it is. */
export const sameContent = (one: MessageContent, other: MessageContent): boolean =>
  contentHash(null, '', one, {}) === contentHash(null, '', other, {});
