import type { FieldNode, Kind, NameNode, SelectionNode, SelectionSetNode } from 'graphql';

/** Written out instead of graphql's enum, so that nothing of graphql is loaded for them. */
export const kind = <K extends `${Kind}`>(name: K) => name as unknown as Extract<Kind, K>;

export const named = (value: string): NameNode => ({ kind: kind('Name'), value });

export const field = (name: string): FieldNode => ({ kind: kind('Field'), name: named(name) });

export const selectionSet = (selections: readonly SelectionNode[]): SelectionSetNode => ({
  kind: kind('SelectionSet'),
  selections,
});
