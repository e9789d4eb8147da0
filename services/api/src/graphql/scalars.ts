import type { JsonObject } from '@parley/contracts';
import { GraphQLError } from 'graphql';
import { msOfDateTime } from '../domain/date-time.ts';
import { builder } from './builder.ts';
import { jsonOfLiteral } from './json-literal.ts';

function dateTime(value: unknown): string {
  const ms = typeof value === 'string' ? msOfDateTime(value) : null;
  if (ms !== null) return new Date(ms).toISOString();
  throw new GraphQLError(
    'a DateTime is ISO 8601 with a time zone, a day that exists, between the years 1 and 9999 in UTC, for example 2026-01-31T12:00:00.000Z',
  );
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw new GraphQLError('a JSONObject is a JSON object, for example { "colour": "blue" }');
}

function seq(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new GraphQLError('a Seq is a whole number from 0 up');
}

builder.scalarType('DateTime', {
  description:
    'A moment, as RFC 3339 text with a time zone. Answers are in UTC with milliseconds: `2026-01-31T12:00:00.000Z`. A day that does not exist is refused.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  serialize: (value) => value,
  parseValue: dateTime,
});
builder.scalarType('JSONObject', {
  description:
    'A JSON object. Custom data takes up to 5 KiB. A whole number that a JSON number cannot hold is refused; send it as text.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-4',
  serialize: (value) => value,
  parseValue: jsonObject,
  parseLiteral: (node, variables) => jsonObject(jsonOfLiteral(node, variables)),
});
builder.scalarType('Seq', {
  description: "A position in a channel's log: 1, 2, 3, … dense, no holes. A JSON number, whole and below 2^53.",
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc7493#section-2.2',
  serialize: (value) => value,
  parseValue: seq,
  parseLiteral: (node) => seq(node.kind === 'IntValue' ? Number(node.value) : null),
});
