import { limits } from '@parley/contracts';
import {
  customOrEmpty,
  idFilter,
  name,
  orNull,
  parseFilter,
  parseWith,
  role,
  searchText,
  sortBy,
  stringFilter,
  userId,
  webUrl,
} from '@parley/schemas';
import { z } from 'zod';
import type { UserRecord } from './repository.ts';
import type { UserFilter, UserSort } from './service.ts';

const userRecords: z.ZodType<UserRecord[]> = z
  .array(
    z.object({
      id: userId,
      name: orNull(name),
      image: orNull(webUrl),
      role: role.nullish().transform((given) => given ?? 'user'),
      custom: customOrEmpty,
      private: customOrEmpty,
    }),
  )
  .max(limits.upsertUsers, `at most ${limits.upsertUsers} users a call; send the rest in further calls`)
  .superRefine((users, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of users.entries()) {
      if (seen.has(id)) context.addIssue({ code: 'custom', path: [index, 'id'], message: 'name each user once' });
      seen.add(id);
    }
  });

const userFilter: z.ZodType<UserFilter> = z.strictObject({
  and: z.array(z.lazy(() => userFilter)).nullish(),
  or: z.array(z.lazy(() => userFilter)).nullish(),
  id: idFilter.nullish(),
  name: stringFilter.nullish(),
  role: stringFilter.nullish(),
  search: searchText.nullish(),
  online: z.boolean().nullish(),
});

const userSort: z.ZodType<UserSort[]> = sortBy(['ID', 'NAME', 'LAST_ACTIVE_AT', 'CREATED_AT']);

/** @throws invalid_input */
export const parseUsers = (inputs: unknown): UserRecord[] => parseWith(userRecords, inputs, 'users');

/** @throws invalid_input */
export const parseUserFilter = (filter: unknown): UserFilter => parseFilter(userFilter, filter);

/** @throws invalid_input */
export const parseUserSort = (sort: unknown): UserSort[] => parseWith(userSort, sort, 'sort');

const toDelete: z.ZodType<string[]> = z
  .array(userId)
  .refine((ids) => ids.length >= 1 && ids.length <= limits.upsertUsers, {
    message: `name 1 to ${limits.upsertUsers} users a call; delete the rest in further calls`,
    params: { limit: limits.upsertUsers },
  })
  .transform((ids) => [...new Set(ids)]);

/** Each once. @throws invalid_input */
export const parseUserIds = (userIds: unknown): string[] => parseWith(toDelete, userIds, 'userIds');
