import { limits, ownValue } from '@parley/contracts';
import { type FieldNode, type GraphQLField, Kind, type OperationDefinitionNode, type ValueNode } from 'graphql';

const sizeArguments = new Set(['first', 'last']);

/** How many items a field asks for; 1 for a field that is no page of a list. */
export type PageSizes = (field: FieldNode, definition: GraphQLField<unknown, unknown> | undefined) => number;

/** Reads `first` and `last`, also from variables and their defaults. */
export function createPageSizes(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> = {},
): PageSizes {
  const defaults = new Map(
    variableDefinitions.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );

  const numberOf = (value: ValueNode | undefined): number | undefined => {
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind !== Kind.VARIABLE) return undefined;
    const given = ownValue(variables, value.name.value);
    if (typeof given === 'number') return given;
    const fallback = defaults.get(value.name.value);
    return fallback?.kind === Kind.INT ? Number(fallback.value) : undefined;
  };

  return (field, definition) => {
    const sizes = (field.arguments ?? [])
      .filter((argument) => sizeArguments.has(argument.name.value))
      .map((argument) => numberOf(argument.value))
      .filter((size) => size !== undefined);
    if (sizes.length > 0) return clamped(Math.max(...sizes));
    const isPage = definition?.args.some((argument) => sizeArguments.has(argument.name)) ?? false;
    return isPage ? limits.pageSizeDefault : 1;
  };
}

/** A size over the limit is refused where the page is made, with the name of its field; here it counts as just too large. */
const clamped = (size: number): number => Math.min(Math.max(size, 1), limits.pageSize + 1);
