import type {
  Attachment,
  Channel,
  DateTime,
  Member,
  Message,
  Reaction,
  ReactionGroup,
  Seq,
  User,
} from '@parley/contracts';
import { z } from 'zod';
import { jsonObject } from './json.ts';

// What our own services made is parsed for its form alone: its limits were kept when it came in, and may have changed since.

export const dateTime: z.ZodType<DateTime> = z.iso
  .datetime({ precision: 3, error: 'it must be ISO 8601 with milliseconds, in UTC' })
  .refine((time) => !time.startsWith('0000'), 'the calendar begins with the year 1');
export const seq: z.ZodType<Seq> = z.int('it must be a whole number').min(0, 'it must not be negative');
const count = z.int().min(0);

export const user: z.ZodType<User> = z.object({
  id: z.string(),
  name: z.string().nullable(),
  image: z.string().nullable(),
  role: z.string(),
  custom: jsonObject,
  online: z.boolean(),
  lastActiveAt: dateTime.nullable(),
  createdAt: dateTime,
  updatedAt: dateTime,
  deletedAt: dateTime.nullable(),
});

export const channel: z.ZodType<Channel> = z.object({
  id: z.string(),
  type: z.string(),
  key: z.string(),
  name: z.string().nullable(),
  image: z.string().nullable(),
  custom: jsonObject,
  createdBy: user.nullable(),
  createdAt: dateTime,
  updatedAt: dateTime,
  lastMessageAt: dateTime.nullable(),
  seq,
  memberCount: count,
});

export const member: z.ZodType<Member> = z.object({
  user,
  role: z.string(),
  createdAt: dateTime,
  custom: jsonObject,
});

export const attachment: z.ZodType<Attachment> = z.object({
  id: z.string(),
  type: z.string(),
  url: z.string().nullable(),
  title: z.string().nullable(),
  mimeType: z.string().nullable(),
  size: count.nullable(),
  width: count.nullable(),
  height: count.nullable(),
  durationMs: count.nullable(),
  thumbnailUrl: z.string().nullable(),
  custom: jsonObject,
});

export const reaction: z.ZodType<Reaction> = z.object({
  type: z.string(),
  user,
  score: z.int(),
  createdAt: dateTime,
});

export const reactionGroup: z.ZodType<ReactionGroup> = z.object({
  type: z.string(),
  count,
  sumScores: z.int(),
  firstAt: dateTime,
  lastAt: dateTime,
});

export const message: z.ZodType<Message> = z.object({
  id: z.string(),
  channelId: z.string(),
  seq,
  kind: z.enum(['REGULAR', 'SYSTEM', 'EPHEMERAL']),
  user: user.nullable(),
  text: z.string(),
  attachments: z.array(attachment),
  mentionedUsers: z.array(user),
  parentId: z.string().nullable(),
  quotedId: z.string().nullable().exactOptional(),
  quoted: z.lazy(() => message).nullable(),
  replyCount: count,
  reactionGroups: z.array(reactionGroup),
  ownReactions: z.array(reaction).nullable(),
  custom: jsonObject,
  createdAt: dateTime,
  editedAt: dateTime.nullable(),
  deletedAt: dateTime.nullable(),
});
