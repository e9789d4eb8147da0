import { isBlank, limits } from '@parley/contracts';
import { z } from 'zod';
import { utf8Bytes } from './utf8-bytes.ts';

// PostgreSQL's text and jsonb refuse both: U+0000, and half of a surrogate pair.
const halfPair = /\p{Surrogate}/u;

/** Whether every database and every client gives this text back as it is. */
export const isStorableText = (text: string): boolean => !text.includes('\0') && !halfPair.test(text);

/** A text of up to `most` UTF-16 code units, as clients count with `length`. The `max` of zod counts code points, so that an emoji would be one of them. */
export const unitsUpTo = (most: number): z.ZodString =>
  z.string('it must be a text').refine((text) => text.length <= most, {
    message: `at most ${most} characters; shorten it`,
    params: { limit: most },
  });

/** The same, of what can be stored. */
export const textUpTo = (most: number): z.ZodType<string> =>
  unitsUpTo(most).refine(isStorableText, 'it holds U+0000 or half of a surrogate pair; remove that character');

/** Name of a user or channel; the empty text is none. */
export const name: z.ZodType<string> = textUpTo(limits.name).refine(
  (text) => text === '' || !isBlank(text),
  'nobody sees anything of it; write a name, or leave it out',
);

/** What is looked for in names. */
export const searchText: z.ZodType<string> = textUpTo(limits.name);

/** Text of a message; may be empty where there is something else to show. */
export const messageText: z.ZodType<string> = textUpTo(limits.messageText);

/** An address that a browser may load: http or https. Events name many, so what counts is what one takes in them: bytes, without the quotes. */
export const webUrl: z.ZodType<string> = textUpTo(limits.url)
  .refine(isWebUrl, 'it must be an http:// or https:// URL')
  .refine((url) => utf8Bytes(url) - 2 <= limits.url, {
    message: `at most ${limits.url} bytes as JSON; shorten it or percent-encode what is not ASCII`,
    params: { limit: limits.url },
  });

function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** A word or an emoji, such as `like` or `👍🏽`. */
export const reactionType: z.ZodType<string> = unitsUpTo(limits.reactionType)
  .min(1, 'it must not be empty; for example "like" or "👍"')
  .refine((text) => isStorableText(text) && !/[\s\p{Cc}]/u.test(text), 'it must be one word or emoji, without blanks');

/** Role of a user or member: a word of the app's own or one of ours. */
export const role: z.ZodType<string> = z
  .string('it must be a text')
  .refine((text) => /^[a-z][a-z0-9_-]{0,63}$/.test(text), {
    message: 'a role is 1 to 64 of a-z 0-9 _ - and begins with a letter, for example "user"',
    params: { limit: 64 },
  });
