import type {
  ArgumentNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValueNode,
  VariableNode,
} from 'graphql';
import { field, kind, named, selectionSet } from './syntax-nodes.ts';

type PositionField = '__typename' | 'seq' | 'epoch' | 'cursor';

/** A subscription whose position can be sent as variables and read from its results. */
export interface ResumableDocument {
  readonly document: DocumentNode;
  /** Where a result has the event: its alias, or its name. */
  readonly responseKey: string;
  /** Where an event has a field of the position: under its name, unless the document calls something else so. */
  readonly keyOf: (name: PositionField) => string;
  /** By argument: the variable that carries it, and what the document said in place of one. Only positions in a log have an `epoch`. */
  readonly position: ReadonlyMap<string, { readonly variable: string; readonly literal: unknown }>;
}

const on = (type: string, ...selections: SelectionNode[]): SelectionNode => ({
  kind: kind('InlineFragment'),
  typeCondition: { kind: kind('NamedType'), name: named(type) },
  selectionSet: selectionSet(selections),
});

interface Position {
  /** The arguments that carry it, with their types. */
  readonly types: Readonly<Record<string, string>>;
  readonly selections: (select: (name: PositionField) => FieldNode) => readonly SelectionNode[];
}

/** Each subscription that has a position. */
const positions: ReadonlyMap<string, Position> = new Map<string, Position>([
  [
    'channelEvents',
    {
      types: { after: 'Seq', epoch: 'String' },
      selections: (select) => [
        select('__typename'),
        on('LoggedEvent', select('seq')),
        on('ChannelSynced', select('seq'), select('epoch')),
        on('ChannelReset', select('seq'), select('epoch')),
      ],
    },
  ],
  ['inbox', { types: { after: 'String' }, selections: (select) => [select('cursor')] }],
]);

function literal(value: ValueNode | undefined): unknown {
  if (value?.kind === 'IntValue') return Number(value.value);
  return value?.kind === 'StringValue' ? value.value : undefined;
}

const variableNode = (name: string): VariableNode => ({ kind: kind('Variable'), name: named(name) });

/** A name that is not taken: this one, or one derived from it. */
const free = (name: string, isTaken: (name: string) => boolean): string =>
  isTaken(name) ? free(`parley_${name}`, isTaken) : name;

/**
 * Adds the position to the operation with this name (or to the first one), as arguments and as selected fields, where they are missing. Other operations are left
 * out, and fragments that only they use: the variables of the position are none of theirs. Gives null for every operation without `channelEvents` or `inbox`.
 */
export function resumableDocument(document: DocumentNode, operationName?: string | null): ResumableDocument | null {
  const operation = document.definitions.find(
    (node) => node.kind === 'OperationDefinition' && (!operationName || node.name?.value === operationName),
  );
  if (operation?.kind !== 'OperationDefinition' || operation.operation !== 'subscription') return null;

  const used = new Set<OperationDefinitionNode | FragmentDefinitionNode>([operation]);
  const fields: FieldNode[] = [];
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === 'Field') fields.push(node);
      if (node.kind !== 'FragmentSpread') {
        if (node.selectionSet) collect(node.selectionSet);
        continue;
      }
      for (const one of document.definitions)
        if (one.kind === 'FragmentDefinition' && one.name.value === node.name.value && !used.has(one)) {
          used.add(one);
          collect(one.selectionSet);
        }
    }
  };
  collect(operation.selectionSet);

  // A subscription has one field at its root, which is thus the first.
  const [root] = fields;
  const needed = root && positions.get(root.name.value);
  if (!needed) return null;

  const keyOf = (wanted: PositionField) =>
    free(wanted, (key) => fields.some((one) => one.alias?.value === key && one.name.value !== wanted));
  const select = (wanted: PositionField): FieldNode => {
    const key = keyOf(wanted);
    return { ...field(wanted), ...(key !== wanted && { alias: named(key) }) };
  };

  const given = root.arguments ?? [];
  const variables = [...(operation.variableDefinitions ?? [])];
  const position = new Map(
    Object.entries(needed.types).map(([argument, type]) => {
      const value = given.find((one) => one.name.value === argument)?.value;
      const isOwn = value?.kind === 'Variable';
      const variable = isOwn
        ? value.name.value
        : free(`parley_${argument}`, (taken) => variables.some((one) => one.variable.name.value === taken));
      if (!isOwn)
        variables.push({
          kind: kind('VariableDefinition'),
          variable: variableNode(variable),
          type: { kind: kind('NamedType'), name: named(type) },
        });
      return [argument, { variable, literal: literal(value) }];
    }),
  );
  const rootArguments = [
    ...given.filter((one) => !position.has(one.name.value)),
    ...[...position].map(
      ([argument, { variable }]): ArgumentNode => ({
        kind: kind('Argument'),
        name: named(argument),
        value: variableNode(variable),
      }),
    ),
  ];

  // Fields of these names are at the root of a subscription and nowhere else.
  const inRoot = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((node) => {
      if (node.kind === 'InlineFragment') return { ...node, selectionSet: inRoot(node.selectionSet) };
      if (node.kind !== 'Field' || node.name.value !== root.name.value) return node;
      const selections = [...needed.selections(select), ...(node.selectionSet?.selections ?? [])];
      return { ...node, arguments: rootArguments, selectionSet: selectionSet(selections) };
    }),
  });

  const definitions = [...used].map((node) => ({
    ...node,
    ...(node === operation && { variableDefinitions: variables }),
    selectionSet: inRoot(node.selectionSet),
  }));
  return {
    responseKey: (root.alias ?? root.name).value,
    keyOf,
    position,
    document: { kind: kind('Document'), definitions },
  };
}
