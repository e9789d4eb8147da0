import type { ObjectRef } from '@pothos/core';
import type { Page } from '../platform/page.ts';
import { builder } from './builder.ts';

type Edge<T> = Page<T>['edges'][number];

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

const PageInfoRef = builder.objectRef<PageInfo>('PageInfo').implement({
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage'),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage'),
    startCursor: t.exposeString('startCursor', { nullable: true }),
    endCursor: t.exposeString('endCursor', { nullable: true }),
  }),
});

const pageInfoOf = <T>({ edges, hasNextPage, hasPreviousPage }: Page<T>): PageInfo => ({
  hasNextPage,
  hasPreviousPage,
  startCursor: edges.at(0)?.cursor ?? null,
  endCursor: edges.at(-1)?.cursor ?? null,
});

/** A Relay connection (`nodes`, `edges`, `pageInfo`) over pages of one type. https://relay.dev/graphql/connections.htm */
export function connectionOf<T extends object>(name: string, NodeRef: ObjectRef<typeof builder.$inferSchemaTypes, T>) {
  const EdgeRef = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    fields: (t) => ({
      cursor: t.exposeString('cursor'),
      node: t.field({ type: NodeRef, resolve: (edge) => edge.node as never }),
    }),
  });
  return builder.objectRef<Page<T>>(`${name}Connection`).implement({
    fields: (t) => ({
      edges: t.field({ type: [EdgeRef], resolve: (page, _args, { answer }) => answer.sliced(page.edges) as never }),
      nodes: t.field({
        type: [NodeRef],
        resolve: (page, _args, { answer }) => answer.sliced(page.edges.map((edge) => edge.node)) as never,
      }),
      pageInfo: t.field({ type: PageInfoRef, resolve: pageInfoOf }),
    }),
  });
}
