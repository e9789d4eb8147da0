import { limits, type SortDirection } from '@parley/contracts';
import { z } from 'zod';

/** An order by up to `limits.sorts` of these fields, each once. */
export const sortBy = <Field extends string>(
  fields: readonly Field[],
): z.ZodType<{ field: Field; direction: SortDirection }[]> =>
  z
    .array(z.strictObject({ field: z.enum(fields), direction: z.enum(['ASC', 'DESC']) }))
    .max(limits.sorts, `at most ${limits.sorts} fields; leave out the last ones`)
    .superRefine((sorts, context) => {
      const twice = sorts.find((one, index) => sorts.findIndex((other) => other.field === one.field) < index);
      if (twice === undefined) return;
      context.addIssue({ code: 'custom', message: `it names ${twice.field} twice; name each field once` });
    });
