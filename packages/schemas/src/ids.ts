import {
  type ChannelId,
  type ChannelTypeName,
  channelTypes,
  limits,
  type MessageId,
  ParleyError,
  parseChannelId,
  parseChannelKey,
  parseMessageId,
  parseUserId,
  type UserId,
} from '@parley/contracts';
import { z } from 'zod';

/** The schema of a parser that throws {@link ParleyError}: the rule is what its sentence says after the semicolon. */
function schemaOf<T>(parse: (value: string) => T): z.ZodType<T> {
  return z.string('it must be a text').transform((value, context) => {
    try {
      return parse(value);
    } catch (err) {
      if (!(err instanceof ParleyError)) throw err;
      const { limit } = err.details;
      const message = err.message.slice(err.message.indexOf('; ') + 2);
      context.addIssue({ code: 'custom', message, ...(limit === undefined ? {} : { params: { limit } }) });
      return z.NEVER;
    }
  });
}

export const userId: z.ZodType<UserId> = schemaOf((value) => parseUserId(value));
export const channelId: z.ZodType<ChannelId> = schemaOf((value) => parseChannelId(value));
export const channelKey: z.ZodType<string> = schemaOf((value) => parseChannelKey(value));
/** Lower-cases the UUID. */
export const messageId: z.ZodType<MessageId> = schemaOf((value) => parseMessageId(value));
export const channelType: z.ZodType<ChannelTypeName> = z.enum(channelTypes, `it is one of ${channelTypes.join(', ')}`);

/** Up to `most` user ids, each given back once. */
export const userIds = (most: number, cure = 'send the rest in further calls'): z.ZodType<UserId[]> =>
  z
    .array(userId, 'it must be a list of user ids')
    .max(most, `at most ${most} user ids; ${cure}`)
    .transform((ids) => [...new Set(ids)]);

export const mentionedUserIds: z.ZodType<UserId[]> = userIds(limits.mentionedUsers, 'mention fewer');
