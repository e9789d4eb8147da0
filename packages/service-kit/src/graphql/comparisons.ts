import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Fields of one scope that are answered under one name, by what they select. */
type Names = Map<string, SelectionSetNode[]>;

/**
 * How many pairs of fields validation has to compare, because both are answered under the same name and must not contradict each other; counts no
 * further than `most`. It grows with the square of the document, while this takes time linear in `most`.
 * https://spec.graphql.org/draft/#sec-Field-Selection-Merging
 */
export function comparisonsIn({ definitions }: DocumentNode, most: number): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
  }
  let comparisons = 0;
  let looks = 0;
  // A fragment that contains itself never ends; it is refused elsewhere.
  const enough = () => comparisons > most || looks > most * looksPerComparison;

  /** Puts what a scope selects under its names; a fragment counts once in a scope, and is compared with the others of it. */
  function collect(set: SelectionSetNode, names: Names, spread: Set<string>): void {
    for (const selection of set.selections) {
      looks += 1;
      if (enough()) return;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const known = names.get(name) ?? [];
        comparisons += known.length;
        names.set(name, [...known, selection.selectionSet ?? nothing]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, names, spread);
      else {
        const fragment = fragments.get(selection.name.value);
        if (fragment === undefined || spread.has(selection.name.value)) continue;
        comparisons += spread.size;
        spread.add(selection.name.value);
        collect(fragment.selectionSet, names, spread);
      }
    }
  }

  function scope(sets: readonly SelectionSetNode[]): void {
    const names: Names = new Map();
    const spread = new Set<string>();
    for (const set of sets) collect(set, names, spread);
    for (const inside of names.values()) {
      if (enough()) return;
      const selected = inside.filter((set) => set !== nothing);
      if (selected.length > 0) scope(selected);
    }
  }

  for (const { selectionSet } of operations) scope([selectionSet]);
  return looks > most * looksPerComparison ? Math.max(comparisons, most + 1) : comparisons;
}

/** Looks at a field that are worth one comparison. */
const looksPerComparison = 5;

const nothing: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] };
