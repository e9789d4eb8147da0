import type { JsonObject } from '@parley/contracts';
import { GraphQLError, valueFromASTUntyped } from 'graphql';
import { builder } from './builder.ts';

const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** What lies beyond has no year of four digits, and the database no date for it. */
const firstMs = Date.parse('0001-01-01T00:00:00.000Z');
const lastMs = Date.parse('9999-12-31T23:59:59.999Z');

function dateTime(value: unknown): string {
  if (typeof value === 'string' && isoPattern.test(value)) {
    const ms = Date.parse(value);
    if (ms >= firstMs && ms <= lastMs) return new Date(ms).toISOString();
  }
  throw new GraphQLError(
    'a DateTime is ISO 8601 with a time zone, between the years 1 and 9999 in UTC, for example 2026-01-31T12:00:00.000Z',
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
  description: 'ISO 8601 with milliseconds, UTC.',
  serialize: (value) => value,
  parseValue: dateTime,
});
builder.scalarType('JSONObject', {
  description: 'A JSON object (custom data: at most 5 KiB).',
  serialize: (value) => value,
  parseValue: jsonObject,
  parseLiteral: (node, variables) => jsonObject(valueFromASTUntyped(node, variables)),
});
builder.scalarType('Seq', {
  description: "A position in a channel's log: 1, 2, 3, … dense, no holes. A JSON number.",
  serialize: (value) => value,
  parseValue: seq,
  parseLiteral: (node) => seq(node.kind === 'IntValue' ? Number(node.value) : null),
});
