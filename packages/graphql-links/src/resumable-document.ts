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
  /** The variables that carry the position; an inbox has none for the epoch. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the document said in place of a variable. */
  readonly initial: Readonly<Record<string, unknown>>;
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
  const added: Record<string, string> = {};

  const withPosition = (node: FieldNode, name: Resumable): FieldNode => {
    const variables: Record<string, string> = {};
    const initial: Record<string, unknown> = {};
    const given = node.arguments ?? [];
    const position = Object.entries(argumentsOf[name]).map(([argument, type]): ArgumentNode => {
      const value = given.find((one) => one.name.value === argument)?.value;
      let variable = `parley_${argument}`;
      if (value?.kind === 'Variable') variable = value.name.value;
      else added[variable] = type;
      variables[argument] = variable;
      initial[variable] = literal(value);
      return {
        kind: kind('Argument'),
        name: named(argument),
        value: { kind: kind('Variable'), name: named(variable) },
      };
    });
    found = { name, responseKey: (node.alias ?? node.name).value, variables, initial };
    return {
      ...node,
      arguments: [...given.filter((one) => !(one.name.value in variables)), ...position],
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
            ...Object.entries(added).map(([name, type]) => ({
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
