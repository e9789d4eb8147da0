import { ownValue } from '@parley/contracts';
import { type output, type ZodObject, ZodType } from 'zod';

/** Every fault of the environment at once, a line each. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(['unable to start; the environment is not as expected', ...faults.map((error) => `  ${error}`)].join('\n'));
    this.faults = faults;
  }
}

/** Reads the variables that the schema names; an empty one counts as absent. Values never show in the faults: some are secrets. @throws EnvError */
export function readEnv<Schema extends ZodObject>(
  schema: Schema,
  source: NodeJS.ProcessEnv = process.env,
): output<Schema> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = ownValue(source, name);
      return value ? [[name, value]] : [];
    }),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new EnvError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? 'environment');
      const wrong = Object.hasOwn(given, name) || issue.path.length === 0 ? issue.message : 'is missing';
      const field: unknown = ownValue(schema.shape, name);
      const expected = field instanceof ZodType ? field.description : undefined;
      return `${name}: ${wrong}${expected === undefined ? '' : ` (expected: ${expected})`}`;
    }),
  );
}

/** As {@link readEnv}; a fault is printed on standard error and ends the process with code 1. */
export function parseEnv<Schema extends ZodObject>(
  schema: Schema,
  source: NodeJS.ProcessEnv = process.env,
): output<Schema> {
  try {
    return readEnv(schema, source);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
