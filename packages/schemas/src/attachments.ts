import { type Attachment, limits } from '@parley/contracts';
import { z } from 'zod';
import { customOrEmpty, orNull } from './profile.ts';
import { textUpTo, webUrl } from './text.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** An attachment before it has an id. */
export type AttachmentDraft = Omit<Attachment, 'id'>;

const amount = z.int32('it must be a whole number').min(0, 'it must not be negative');

export const attachmentDraft: z.ZodType<AttachmentDraft> = z.object({
  type: z
    .string('it must be a text')
    .regex(
      /^[a-z][a-z0-9_-]{0,63}$/,
      'an attachment type is 1 to 64 of a-z 0-9 _ - and begins with a letter, for example "image"',
    ),
  url: orNull(webUrl),
  title: orNull(textUpTo(limits.name)),
  mimeType: orNull(textUpTo(limits.name)),
  size: orNull(amount),
  width: orNull(amount),
  height: orNull(amount),
  durationMs: orNull(amount),
  thumbnailUrl: orNull(webUrl),
  custom: customOrEmpty,
});

/** The attachments of one message. */
export const attachmentDrafts: z.ZodType<AttachmentDraft[]> = z
  .array(attachmentDraft, 'it must be a list of attachments')
  .max(limits.attachments, `at most ${limits.attachments} attachments; send the rest in a further message`)
  .refine((attachments) => utf8Bytes(attachments) <= limits.attachmentsBytes, {
    message: `at most ${limits.attachmentsBytes} bytes together as JSON; store less about each`,
    params: { limit: limits.attachmentsBytes },
  });
