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

/** How many items a list holds at most that is no page: by type and field. A test knows when one is missing. */
export const listSizes: ReadonlyMap<string, number> = new Map([
  ['App.channelTypes', 10],
  ['ChannelSynced.reads', 500],
  ['MembersAdded.members', limits.membersPerEvent],
  ['Message.attachments', limits.attachments],
  ['Message.mentionedUsers', limits.mentionedUsers],
  ['Message.ownReactions', limits.reactionTypesPerMessage],
  ['Message.reactionGroups', limits.reactionTypesPerMessage],
  ['Mutation.deleteUsers', limits.upsertUsers],
  ['Mutation.upsertUsers', limits.upsertUsers],
  ['Query.apiKeys', 100],
  ['Query.nodes', limits.nodeIds],
  ['Subscription.presenceChanges', limits.presenceUserIds],
]);

/** As many as the lists of this schema hold on average, and some; `types` is counted. */
const introspectionSizes: ReadonlyMap<string, number> = new Map([
  ['__Schema.directives', 6],
  ['__Type.enumValues', 5],
  ['__Type.fields', 8],
  ['__Type.inputFields', 5],
  ['__Type.interfaces', 1],
  ['__Type.possibleTypes', 3],
  ['__Directive.args', 2],
  ['__Field.args', 2],
]);

/** How many items of a field the schema's description of itself has. */
export const introspectionSize = (parent: string, field: string, typesInAll: number): number =>
  parent === '__Schema' && field === 'types' ? typesInAll : (introspectionSizes.get(`${parent}.${field}`) ?? 1);
