/** A list as the schema pages it; nodes, edges and pageInfo are there if somebody selected them. */
export interface Connection<Node> {
  readonly nodes?: readonly Node[];
  readonly edges?: ReadonlyArray<{ readonly node: Node }>;
  readonly pageInfo?: PageEnds;
}

interface PageEnds {
  readonly startCursor?: string | null;
  readonly endCursor?: string | null;
  readonly hasNextPage?: boolean;
  readonly hasPreviousPage?: boolean;
}

type Order = string | number | undefined;

/** Index at which an item belongs among the loaded ones, in ascending order; -1 when its page is not loaded. Items of unknown order go to the end. */
export function placeIn(loaded: readonly Order[], order: Order, ends: PageEnds = {}): number {
  let index = loaded.length;
  while (order !== undefined && index > 0 && (loaded[index - 1] ?? order) > order) index -= 1;
  const isElsewhere = (index === 0 && ends.hasPreviousPage) || (index === loaded.length && ends.hasNextPage);
  return isElsewhere && loaded.length > 0 ? -1 : index;
}

export const nodesOf = <Node>({ nodes, edges = [] }: Connection<Node>): readonly Node[] =>
  nodes ?? edges.map(({ node }) => node);

/** The list without the nodes that a test rejects. */
export function keep<Node>(list: Connection<Node>, test: (node: Node) => boolean): Connection<Node> {
  const { nodes, edges } = list;
  return {
    ...list,
    ...(nodes && { nodes: nodes.filter(test) }),
    ...(edges && { edges: edges.filter(({ node }) => test(node)) }),
  };
}

/** The list with a node at an index. */
export function insert<Node>(list: Connection<Node>, index: number, edge: { readonly node: Node }): Connection<Node> {
  const { nodes, edges } = list;
  return {
    ...list,
    ...(nodes && { nodes: [...nodes.slice(0, index), edge.node, ...nodes.slice(index)] }),
    ...(edges && { edges: [...edges.slice(0, index), edge, ...edges.slice(index)] }),
  };
}

/** Two pages that meet. What is in both stands where the second has it. */
export function join<Node>(
  first: Connection<Node>,
  second: Connection<Node>,
  idOf: (node: Node) => unknown,
): Connection<Node> {
  const ids = new Set(nodesOf(second).map(idOf));
  const { nodes = [], edges = [], pageInfo } = keep(first, (node) => !ids.has(idOf(node)));
  return {
    ...second,
    ...(second.nodes && { nodes: [...nodes, ...second.nodes] }),
    ...(second.edges && { edges: [...edges, ...second.edges] }),
    ...(second.pageInfo && {
      pageInfo: {
        ...second.pageInfo,
        ...(pageInfo && { startCursor: pageInfo.startCursor ?? null }),
        ...(pageInfo?.hasPreviousPage !== undefined && { hasPreviousPage: pageInfo.hasPreviousPage }),
      },
    }),
  };
}
