import { sdl } from '@parley/contracts/sdl';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { documents, queries } from './documents.ts';

test.each(Object.entries(documents))('%s fits the schema of the API', (name, text) => {
  const document = parse(text);
  expect(validate(buildSchema(sdl), document).map((error) => error.message)).toEqual([]);
  expect(text).toContain(`mutation ${name}(`);
});

test.each(Object.entries(queries))('%s fits the schema of the API', (_name, text) => {
  expect(validate(buildSchema(sdl), parse(text)).map((error) => error.message)).toEqual([]);
});
