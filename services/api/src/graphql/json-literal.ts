import { limits, ownValue, ParleyError } from '@parley/contracts';
import { inexactNumberIn } from '@parley/service-kit';
import { GraphQLError, Kind, type ValueNode } from 'graphql';

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/** A text that makes any custom data too large. */
const tooMuch = ' '.repeat(limits.customBytes);

/**
 * The JSON value that a literal of a document stands for. A variable may be used in it wherever a value may, also twice; an entry whose variable was not
 * given is left out (GraphQL specification, Input Objects, Input Coercion).
 * @throws GraphQLError of invalid_input: a number that JSON cannot hold
 */
export function jsonOfLiteral(node: ValueNode, variables: Variables): unknown {
  return createReader(variables).read(node) ?? null;
}

function createReader(variables: Variables) {
  // Many uses of one large variable must not become many megabytes.
  let room: number = limits.customBytes;

  /** A copy, since a value that stands in two places would be one that holds itself, as far as anybody can tell. */
  function copy(value: unknown): unknown {
    room -= typeof value === 'string' ? value.length : 1;
    if (room < 0) return tooMuch;
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    return objectOf(Object.entries(value).map(([key, part]) => [key, copy(part)]));
  }

  function read(node: ValueNode): unknown {
    switch (node.kind) {
      case Kind.NULL:
        return null;
      case Kind.INT:
      case Kind.FLOAT:
        return numberOf(node.value, node);
      case Kind.STRING:
      case Kind.BOOLEAN:
      case Kind.ENUM:
        return node.value;
      case Kind.LIST:
        return node.values.map((value) => read(value) ?? null);
      case Kind.OBJECT:
        return objectOf(node.fields.map(({ name, value }) => [name.value, read(value)]));
      case Kind.VARIABLE:
        return copy(ownValue(variables ?? {}, node.name.value));
    }
  }

  return { read };
}

/** Entries, not assignments, so that `__proto__` is a key like any other. */
const objectOf = (entries: readonly (readonly [string, unknown])[]): object =>
  Object.fromEntries(entries.filter(([, value]) => value !== undefined));

function numberOf(text: string, node: ValueNode): number {
  const value = Number(text);
  if (Number.isFinite(value) && inexactNumberIn(text) === null) return value;
  const why = `${text.length > 40 ? 'a number' : text} is beyond what a JSON number can hold; send it as text`;
  const originalError = new ParleyError('invalid_input', `unable to read the document; ${why}`);
  throw new GraphQLError(originalError.message, { nodes: node, originalError });
}
