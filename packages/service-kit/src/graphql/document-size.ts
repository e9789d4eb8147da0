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
import { createPageSizes } from './page-size.ts';

/** What a part of a document adds up to, fragments counted wherever they are spread. */
export interface Size {
  readonly depth: number;
  /** Depth below `__schema` and `__type`, which is not in `depth`. */
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields, each list counted with its page size. */
  readonly cost: number;
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

const nothing: Size = { depth: 0, introspectionDepth: 0, aliases: 0, directives: 0, cost: 0 };

/** Both beside each other. */
const beside = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
  cost: a.cost + b.cost,
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

  const ofField = (field: FieldNode, parent: Fields): Size => {
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? ownValue(parent.getFields(), field.name.value) : undefined;
    const inside = ofSelections(field.selectionSet, definition && getNamedType(definition.type));
    const introspects = field.name.value === '__schema' || field.name.value === '__type';
    return {
      depth: introspects ? 0 : inside.depth + 1,
      introspectionDepth: introspects ? inside.depth + 1 : inside.introspectionDepth,
      aliases: inside.aliases + (field.alias === undefined ? 0 : 1),
      directives: inside.directives + (field.directives?.length ?? 0),
      cost: 1 + inside.cost * pageSize(field, definition),
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
