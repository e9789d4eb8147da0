import type {
  ArgumentNode,
  DefinitionNode,
  DocumentNode,
  FieldNode,
  SelectionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';
import { field, kind, named, selectionSet } from './syntax-nodes.ts';

type Resumable = 'channelEvents' | 'inbox';

/** Each subscription that has a position, with the arguments that carry it and their types. */
const argumentsOf = {
  channelEvents: { after: 'Seq', epoch: 'String' },
  inbox: { after: 'String' },
} as const;

/** A subscription whose position can be sent as variables and read from its results. */
export interface ResumableDocument {
  readonly document: DocumentNode;
  readonly name: Resumable;
  /** Where a result has the event: its alias, or its name. */
  readonly responseKey: string;
  /** By argument: the variable that carries it, and what the document said in place of one. */
  readonly position: ReadonlyMap<string, { readonly variable: string; readonly literal: unknown }>;
}

const on = (type: string, ...names: string[]): SelectionNode => ({
  kind: kind('InlineFragment'),
  typeCondition: { kind: kind('NamedType'), name: named(type) },
  selectionSet: selectionSet(names.map(field)),
});

const positionOf: Readonly<Record<Resumable, readonly SelectionNode[]>> = {
  channelEvents: [
    field('__typename'),
    on('LoggedEvent', 'seq'),
    on('ChannelSynced', 'seq', 'epoch'),
    on('ChannelReset', 'seq', 'epoch'),
  ],
  inbox: [field('cursor')],
};

const isResumable = (name: string): name is Resumable => name === 'channelEvents' || name === 'inbox';

function literal(value: ValueNode | undefined): unknown {
  if (value?.kind === 'IntValue') return Number(value.value);
  return value?.kind === 'StringValue' ? value.value : undefined;
}

/**
 * Adds the position to a subscription, as arguments and as selected fields, where they are missing. Gives null for every document without `channelEvents` or
 * `inbox`.
 */
export function resumableDocument(document: DocumentNode): ResumableDocument | null {
  let found: Omit<ResumableDocument, 'document'> | undefined;
  const added = new Map<string, string>();

  const withPosition = (node: FieldNode, name: Resumable): FieldNode => {
    const given = node.arguments ?? [];
    const types: Readonly<Record<string, string>> = argumentsOf[name];
    const position = new Map(
      Object.entries(types).map(([argument, type]) => {
        const value = given.find((one) => one.name.value === argument)?.value;
        if (value?.kind === 'Variable') return [argument, { variable: value.name.value, literal: undefined }];
        const variable = `parley_${argument}`;
        added.set(variable, type);
        return [argument, { variable, literal: literal(value) }];
      }),
    );
    found = { name, responseKey: (node.alias ?? node.name).value, position };
    return {
      ...node,
      arguments: [
        ...given.filter((one) => !position.has(one.name.value)),
        ...[...position].map(
          ([argument, { variable }]): ArgumentNode => ({
            kind: kind('Argument'),
            name: named(argument),
            value: { kind: kind('Variable'), name: named(variable) },
          }),
        ),
      ],
      selectionSet: selectionSet([...positionOf[name], ...(node.selectionSet?.selections ?? [])]),
    };
  };

  const inRoot = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((node) => {
      if (node.kind === 'InlineFragment') return { ...node, selectionSet: inRoot(node.selectionSet) };
      return node.kind === 'Field' && isResumable(node.name.value) ? withPosition(node, node.name.value) : node;
    }),
  });

  const isRoot = (node: DefinitionNode) =>
    (node.kind === 'OperationDefinition' && node.operation === 'subscription') ||
    (node.kind === 'FragmentDefinition' && node.typeCondition.name.value === 'Subscription');

  const rewritten = document.definitions.map((node) =>
    'selectionSet' in node && isRoot(node) ? { ...node, selectionSet: inRoot(node.selectionSet) } : node,
  );
  if (found === undefined) return null;
  const definitions = rewritten.map((node) =>
    node.kind === 'OperationDefinition' && node.operation === 'subscription'
      ? {
          ...node,
          variableDefinitions: [
            ...(node.variableDefinitions ?? []),
            ...[...added].map(([name, type]) => ({
              kind: kind('VariableDefinition'),
              variable: { kind: kind('Variable'), name: named(name) },
              type: { kind: kind('NamedType'), name: named(type) },
            })),
          ],
        }
      : node,
  );
  return { ...found, document: { kind: kind('Document'), definitions } };
}
