import { invalidInput, type ParleyError } from '@parley/contracts';
import type { z } from 'zod';

/** Parses what came from outside. `root` names the value in the refusal: a wrong part of it is `root.part`, without a root `part`. @throws invalid_input naming the field, the limit and the cure */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, root = ''): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue === undefined ? invalidInput(root || 'input', 'it has not the expected form') : issueToError(issue, root);
}

function issueToError(issue: z.core.$ZodIssue, root: string): ParleyError {
  const field = [...(root === '' ? [] : [root]), ...issue.path].join('.');
  return invalidInput(field || 'input', ruleOf(issue), limitOf(issue));
}

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return lowerFirst(issue.message);
  return `it has no ${issue.keys.map((key) => `"${key}"`).join(', ')}; leave that out`;
}

function limitOf(issue: z.core.$ZodIssue): number | undefined {
  if (issue.code === 'too_big') return Number(issue.maximum);
  if (issue.code === 'too_small') return Number(issue.minimum);
  const limit: unknown = issue.code === 'custom' ? issue.params?.['limit'] : undefined;
  return typeof limit === 'number' ? limit : undefined;
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
