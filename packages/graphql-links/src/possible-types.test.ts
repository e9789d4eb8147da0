import { readFileSync } from 'node:fs';
import { buildSchema, isInterfaceType } from 'graphql';
import { expect, test } from 'vitest';
import { possibleTypes } from './possible-types.ts';

test('each interface has the types that the schema has', () => {
  const schema = buildSchema(readFileSync(new URL('../../../services/api/schema.graphql', import.meta.url), 'utf8'));
  const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType);
  const inSchema = interfaces.map((type) => [
    type.name,
    schema
      .getPossibleTypes(type)
      .map(({ name }) => name)
      .sort(),
  ]);
  const known = Object.entries(possibleTypes).map(([name, types]) => [name, [...types].sort()]);
  expect(Object.fromEntries(known), 'packages/graphql-links/src/possible-types.ts').toEqual(
    Object.fromEntries(inSchema),
  );
});
