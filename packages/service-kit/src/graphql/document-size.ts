import { ownValue } from '@parley/contracts';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { createPageSizes, introspectionSize, listSizes } from './page-size.ts';

/** Size of a part of a document, fragments counted wherever they are spread. */
export interface Size {
  readonly depth: number;
  /** Depth below `__schema` and `__type`, which is not in `depth`. */
  readonly introspectionDepth: number;
  readonly aliases: number;
  /** Characters of the longest alias. */
  readonly longestAlias: number;
  readonly directives: number;
  /** Fields, each list counted with its page size. */
  readonly cost: number;
  /** Fields, each list counted with what it may hold. */
  readonly fields: number;
  /** Fields below `__schema` and `__type`, each list counted with what it holds. */
  readonly introspection: number;
}

/** A fragment that contains itself has no size. */
export class CircularFragment extends Error {
  readonly fragment: string;

  constructor(fragment: string) {
    super(`fragment ${fragment} spreads itself`);
    this.fragment = fragment;
  }
}

/** Measures one operation. */
export interface Meter {
  measure(operation: OperationDefinitionNode): Size;
}

type Fields = GraphQLNamedType | undefined;

const introspectionRoots: ReadonlyMap<string, string> = new Map([
  ['__schema', '__Schema'],
  ['__type', '__Type'],
]);

const nothing: Size = {
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  longestAlias: 0,
  directives: 0,
  cost: 0,
  fields: 0,
  introspection: 0,
};

/** Both beside each other. */
const beside = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
  aliases: a.aliases + b.aliases,
  longestAlias: Math.max(a.longestAlias, b.longestAlias),
  directives: a.directives + b.directives,
  cost: a.cost + b.cost,
  fields: a.fields + b.fields,
  introspection: a.introspection + b.introspection,
});

const withDirectives = (size: Size, count: number): Size => ({ ...size, directives: size.directives + count });

export interface MeterOptions {
  readonly schema?: GraphQLSchema | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

export function createMeter(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { schema, variables }: MeterOptions,
): Meter {
  const pageSize = createPageSizes(operation, variables);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const measured = new Map<string, Size | 'being measured'>();

  const typesInAll = Object.keys(schema?.getTypeMap() ?? {}).length;
  const typeNamed = (name: string | undefined): Fields => (name === undefined ? undefined : schema?.getType(name));

  const ofFragment = (name: string): Size => {
    const known = measured.get(name);
    if (known === 'being measured') throw new CircularFragment(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    // An unknown fragment is for validation to refuse.
    if (fragment === undefined) return nothing;
    measured.set(name, 'being measured');
    const inside = ofSelections(fragment.selectionSet, typeNamed(fragment.typeCondition.name.value));
    const size = withDirectives(inside, fragment.directives?.length ?? 0);
    measured.set(name, size);
    return size;
  };

  /** The schema's description of itself: its fields are in no type of the schema's own. */
  const ofIntrospection = (field: FieldNode): Size => {
    const inside = ofSelections(field.selectionSet, typeNamed(introspectionRoots.get(field.name.value)));
    return {
      depth: 0,
      introspectionDepth: inside.depth + 1,
      aliases: inside.aliases + (field.alias === undefined ? 0 : 1),
      longestAlias: Math.max(inside.longestAlias, field.alias?.value.length ?? 0),
      directives: inside.directives + (field.directives?.length ?? 0),
      cost: 1,
      fields: 1,
      introspection: 1 + inside.fields,
    };
  };

  const ofField = (field: FieldNode, parent: Fields): Size => {
    const name = field.name.value;
    if (introspectionRoots.has(name)) return ofIntrospection(field);
    const definition = isObjectType(parent) || isInterfaceType(parent) ? ownValue(parent.getFields(), name) : undefined;
    const inside = ofSelections(field.selectionSet, definition && getNamedType(definition.type));
    const page = pageSize(field, definition);
    const held = parent?.name.startsWith('__')
      ? introspectionSize(parent.name, name, typesInAll)
      : (listSizes.get(`${parent?.name}.${name}`) ?? page);
    return {
      depth: inside.depth + 1,
      introspectionDepth: inside.introspectionDepth,
      aliases: inside.aliases + (field.alias === undefined ? 0 : 1),
      longestAlias: Math.max(inside.longestAlias, field.alias?.value.length ?? 0),
      directives: inside.directives + (field.directives?.length ?? 0),
      cost: 1 + inside.cost * page,
      fields: 1 + inside.fields * held,
      introspection: inside.introspection,
    };
  };

  const ofSelections = (set: SelectionSetNode | undefined, parent: Fields): Size => {
    let size = nothing;
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) size = beside(size, ofField(selection, parent));
      else {
        const inside =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? ofFragment(selection.name.value)
            : ofSelections(selection.selectionSet, typeNamed(selection.typeCondition?.name.value) ?? parent);
        size = beside(size, withDirectives(inside, selection.directives?.length ?? 0));
      }
    }
    return size;
  };

  return {
    measure({ selectionSet, directives = [], variableDefinitions = [], operation: kind }) {
      const onVariables = variableDefinitions.reduce((sum, variable) => sum + (variable.directives?.length ?? 0), 0);
      const size = ofSelections(selectionSet, schema?.getRootType(kind) ?? undefined);
      return withDirectives(size, directives.length + onVariables);
    },
  };
}
