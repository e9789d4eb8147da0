import type { Cache } from '@urql/exchange-graphcache';
import type { DocumentNode } from 'graphql';
import { placeIn } from './connection.ts';
import { field, kind, named, selectionSet } from './syntax-nodes.ts';

type Fields = { readonly [name: string]: unknown };

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const selectionOf = (data: Fields): ReturnType<typeof selectionSet> =>
  selectionSet(
    Object.entries(data)
      .filter(([name]) => name !== 'id')
      .map(([name, value]) => (isFields(value) ? { ...field(name), selectionSet: selectionOf(value) } : field(name))),
  );

/** The key of an object with an id, however the cache was told to make keys. */
export const keyOf = (cache: Cache, type: string, id: string): string =>
  cache.keyOfEntity({ __typename: type, id }) ?? '';

/** Writes fields of one object, which its type and id name. */
export function write(cache: Cache, type: string, data: Fields): void {
  const whole = { __typename: type, ...data };
  const fragment: DocumentNode = {
    kind: kind('Document'),
    definitions: [
      {
        kind: kind('FragmentDefinition'),
        name: named('Written'),
        typeCondition: { kind: kind('NamedType'), name: named(type) },
        selectionSet: selectionOf(whole),
      },
    ],
  };
  cache.writeFragment(fragment, whole);
}

/** The same field with each set of arguments that it was asked for with. */
const variants = (cache: Cache, entity: string, name: string): readonly string[] =>
  cache
    .inspectFields(entity)
    .filter(({ fieldName }) => fieldName === name)
    .map(({ fieldKey }) => fieldKey);

/** Makes active queries ask for these fields again. */
export function forget(cache: Cache, entity: string, names: readonly string[]): void {
  for (const key of names.flatMap((name) => variants(cache, entity, name))) cache.invalidate(entity, key);
}

/** The key of what a field holds; null when it is not loaded. */
export function keyIn(cache: Cache, entity: string, name: string): string | null {
  const value = cache.resolve(entity, name);
  return typeof value === 'string' ? value : null;
}

function keysIn(cache: Cache, entity: string, name: string): readonly string[] | null {
  const value: unknown = cache.resolve(entity, name);
  return Array.isArray(value) ? value.filter((key) => typeof key === 'string') : null;
}

interface List {
  readonly key: string;
  readonly nodes: readonly string[] | null;
  readonly edges: ReadonlyArray<{ readonly key: string; readonly node: string | null }> | null;
}

const listsOf = (cache: Cache, entity: string, name: string): readonly List[] =>
  variants(cache, entity, name).flatMap((fieldKey) => {
    const key = keyIn(cache, entity, fieldKey);
    if (key === null) return [];
    const edges = keysIn(cache, key, 'edges')?.map((edge) => ({ key: edge, node: keyIn(cache, edge, 'node') }));
    return [{ key, nodes: keysIn(cache, key, 'nodes'), edges: edges ?? null }];
  });

function orderOf(cache: Cache, node: string | null): number | undefined {
  const seq = node === null ? null : cache.resolve(node, 'seq');
  return typeof seq === 'number' ? seq : undefined;
}

/** Into every list of messages that has its place loaded, unless it is there. */
export function addMessage(cache: Cache, entity: string, name: string, id: string): void {
  const node = keyOf(cache, 'Message', id);
  for (const { key, nodes, edges } of listsOf(cache, entity, name)) {
    const loaded = nodes ?? edges?.map((edge) => edge.node) ?? [];
    const pageInfo = keyIn(cache, key, 'pageInfo');
    const ends = (end: string) => pageInfo !== null && cache.resolve(pageInfo, end) === true;
    const at = placeIn(
      loaded.map((one) => orderOf(cache, one)),
      orderOf(cache, node),
      { hasNextPage: ends('hasNextPage'), hasPreviousPage: ends('hasPreviousPage') },
    );
    if (at < 0 || loaded.includes(node)) continue;
    if (nodes !== null) cache.link(key, 'nodes', [...nodes.slice(0, at), node, ...nodes.slice(at)]);
    if (edges === null) continue;
    // The server alone knows its cursor; pages are asked for by those of pageInfo.
    write(cache, 'MessageEdge', { id, cursor: '' });
    const edge = keyOf(cache, 'MessageEdge', id);
    cache.link(edge, 'node', node);
    const keys = edges.map((one) => one.key);
    cache.link(key, 'edges', [...keys.slice(0, at), edge, ...keys.slice(at)]);
  }
}

/** Out of every list. */
export function removeNode(cache: Cache, entity: string, name: string, node: string): void {
  for (const { key, nodes, edges } of listsOf(cache, entity, name)) {
    if (nodes !== null)
      cache.link(
        key,
        'nodes',
        nodes.filter((one) => one !== node),
      );
    if (edges !== null)
      cache.link(
        key,
        'edges',
        edges.filter((edge) => edge.node !== node).map((edge) => edge.key),
      );
  }
}
