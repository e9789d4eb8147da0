import { ownValue, ParleyError } from '@parley/contracts';
import {
  type ConstArgumentNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isRequiredArgument,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { eventFieldCheck } from './event-fields.ts';

/** One subscription operation: parsed, validated and analysed. All subscribers that send the same text share it. */
export interface SubscriptionOperation {
  readonly kind: 'subscription';
  /** Equal for equal text and operation name. */
  readonly key: string;
  /** The executed document: the operation and its fragments, without the arguments of the root field. Events do not depend on those. */
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** The one root field, with its arguments. */
  readonly field: FieldNode;
  /** Estimated size in memory, for a budget. */
  readonly bytes: number;
  /** Variables on which the payload depends, beyond the arguments of the root field. */
  readonly payloadVariables: readonly string[];
}

/** A node of a document without places takes 115 bytes; analysed it is there twice, in part. */
const nodeBytes = 200;

/** @throws invalid_query, invalid_input naming a field that events do not have */
export function analyseSubscription(
  schema: GraphQLSchema,
  whole: DocumentNode,
  definition: OperationDefinitionNode,
  key: string,
): SubscriptionOperation {
  const document = ownValue(separateOperations(whole), definition.name?.value ?? '') ?? whole;
  const rootFields = collectRootFields(document, definition.selectionSet);
  const [field] = rootFields;
  if (field === undefined)
    throw new ParleyError('invalid_query', 'unable to subscribe; the operation selects no field');

  const rootArguments = new Set<unknown>(rootFields.flatMap((root) => root.arguments ?? []));
  const payloadVariables = new Set<string>();
  const checkField = eventFieldCheck(document, field.name.value);
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      VariableDefinition: () => false,
      Argument: (node) => (rootArguments.has(node) ? false : undefined),
      Variable: (node) => {
        payloadVariables.add(node.name.value);
      },
      Field: (node) => {
        const parent = typeInfo.getParentType();
        if (parent) checkField(node, parent.name);
      },
    }),
  );
  return {
    kind: 'subscription',
    key,
    document: withoutRootArguments(schema, document, new Set(rootFields), payloadVariables),
    definition,
    field,
    bytes: nodeBytes * countNodes(whole),
    payloadVariables: [...payloadVariables].sort(),
  };
}

/**
 * Validation makes sure that they are one field, perhaps written several times.
 * @throws invalid_query when one of them has a condition
 */
export function collectRootFields(document: DocumentNode, root: SelectionSetNode): readonly FieldNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const fields: FieldNode[] = [];
  const spread = new Set<string>();
  const walk = (set: SelectionSetNode) => {
    for (const selection of set.selections) {
      const conditional = selection.directives?.find(({ name }) => name.value === 'skip' || name.value === 'include');
      if (conditional !== undefined)
        throw new ParleyError(
          'invalid_query',
          `unable to subscribe; @${conditional.name.value} is not allowed on the root field of a subscription`,
        );
      if (selection.kind === Kind.FIELD) fields.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet);
      else {
        const { value } = selection.name;
        const fragment = spread.has(value) ? undefined : fragments.get(value);
        spread.add(value);
        if (fragment !== undefined) walk(fragment.selectionSet);
      }
    }
  };
  walk(root);
  return fields;
}

/**
 * Variables of the root field's arguments say which events, not what is seen of them: without them all who see the same share one selection, and nobody
 * keeps the variables of the first who came. Arguments that must be there become constants.
 */
function withoutRootArguments(
  schema: GraphQLSchema,
  document: DocumentNode,
  rootFields: ReadonlySet<FieldNode>,
  payloadVariables: ReadonlySet<string>,
): DocumentNode {
  const fields = schema.getSubscriptionType()?.getFields() ?? {};
  return visit(document, {
    OperationDefinition: (node) => ({
      ...node,
      variableDefinitions: node.variableDefinitions?.filter(({ variable }) =>
        payloadVariables.has(variable.name.value),
      ),
    }),
    Field: (node) => {
      if (!rootFields.has(node)) return undefined;
      const required = ownValue(fields, node.name.value)?.args.filter(isRequiredArgument) ?? [];
      return { ...node, arguments: required.map(({ name, type }) => constantArgument(name, type)) };
    },
  });
}

function constantArgument(name: string, type: GraphQLInputType): ConstArgumentNode {
  const value: ConstValueNode = isListType(getNullableType(type))
    ? { kind: Kind.LIST, values: [] }
    : { kind: Kind.STRING, value: '' };
  return { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value };
}

function countNodes(document: DocumentNode): number {
  let count = 0;
  visit(document, {
    enter: () => {
      count += 1;
    },
  });
  return count;
}
