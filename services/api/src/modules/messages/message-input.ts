import { createHash, randomUUID } from 'node:crypto';
import type { Attachment, JsonObject } from '@parley/contracts';
import { attachmentIdOf, invalidInput, isBlank } from '@parley/contracts';
import { attachmentDrafts, customData, mentionedUserIds, messageText, parseWith } from '@parley/schemas';
import { canonicalJson } from '@parley/service-kit';
import { z } from 'zod';

/** The part of a message that its author may change later. */
export interface MessageContent {
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly mentionedUserIds: readonly string[];
  readonly custom: JsonObject;
}

export interface MessageContentInput {
  readonly text?: string | null | undefined;
  readonly attachments?: readonly object[] | null | undefined;
  readonly mentionedUserIds?: readonly string[] | null | undefined;
  readonly custom?: JsonObject | null | undefined;
}

/** The fields of {@link MessageContentInput}. */
export const contentFields = {
  text: messageText.nullish(),
  attachments: attachmentDrafts
    .transform((drafts) => drafts.map((draft): Attachment => ({ id: attachmentIdOf(randomUUID()), ...draft })))
    .nullish(),
  mentionedUserIds: mentionedUserIds.nullish(),
  custom: customData.nullish(),
};
const contentInput = z.object(contentFields);
type SaidContent = z.output<typeof contentInput>;

/** @throws invalid_input */
export const parseContent = (input: MessageContentInput): SaidContent => parseWith(contentInput, input);

/** What was said, and the rest as it is in `base`. @throws invalid_input when a message would have nothing to show */
export function contentWith(said: SaidContent, base: MessageContent): MessageContent {
  const content = {
    text: said.text ?? base.text,
    attachments: said.attachments ?? base.attachments,
    mentionedUserIds: said.mentionedUserIds ?? base.mentionedUserIds,
    custom: said.custom ?? base.custom,
  };
  if (isBlank(content.text) && content.attachments.length === 0) {
    throw invalidInput('text', 'a message holds text or at least one attachment');
  }
  return content;
}

export const noContent: MessageContent = { text: '', attachments: [], mentionedUserIds: [], custom: {} };

/** The part of a send that distinguishes a repeated one from another under the same id. Ids of attachments are made by us, so they do not count. */
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
