import { invalidInput, type ParleyError } from '@parley/contracts';
import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** Lists, and the viewer's own side, are asked for by query: an event has no room for them, and what is private to a user is in none. */
const queryOnly: ReadonlySet<string> = new Set([
  'Channel.epoch',
  'Channel.members',
  'Channel.messages',
  'Channel.viewer',
  'Message.ownReactions',
  'Message.replies',
  'User.private',
]);

const presenceFields: ReadonlySet<string> = new Set(['presence', 'presenceChanges']);
/** The bus carries these alone of the user whose presence changed. */
const presentUser: ReadonlySet<string> = new Set(['__typename', 'id', 'online', 'lastActiveAt']);

const notInEvents = (field: string): ParleyError =>
  invalidInput(field, 'it is not available inside events; ask for it with a query');

/** Refuses a field that an event cannot know. `parent`: the name of the type that it is a field of. @throws invalid_input */
export type CheckField = (node: FieldNode, parent: string) => void;

/**
 * What events know not is refused when somebody subscribes. A null that stands for "unknown" would replace, in the cache of a client, what a query has
 * told before. `root`: the field that is subscribed to.
 */
export function eventFieldCheck(document: DocumentNode, root: string): CheckField {
  const quotes = quoteFinder(document);
  return (node, parent) => {
    const name = `${parent}.${node.name.value}`;
    if (queryOnly.has(name)) throw notInEvents(name);
    if (name === 'Message.quoted' && node.selectionSet !== undefined && quotes(node.selectionSet))
      throw invalidInput(
        'Message.quoted.quoted',
        'what a quoted message quotes is not available inside events; ask for it with a query, or for its `quotedId`',
      );
    if (parent === 'User' && isPresence(root) && !presentUser.has(node.name.value))
      throw invalidInput(
        name,
        'of a user, events of presence have `id`, `online` and `lastActiveAt`; ask for the rest with a query',
      );
  };
}

/** Whether a selection asks for `quoted`, at any depth and through any fragment. Each fragment is looked through once. */
function quoteFinder(document: DocumentNode): (set: SelectionSetNode) => boolean {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new Map<string, boolean>();
  const inFragment = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    // Validation has refused those that spread themselves.
    known.set(name, false);
    const fragment = fragments.get(name);
    const found = fragment !== undefined && inSet(fragment.selectionSet);
    known.set(name, found);
    return found;
  };
  const inSet = (set: SelectionSetNode): boolean =>
    set.selections.some((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return inFragment(selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) return inSet(selection.selectionSet);
      return (
        selection.name.value === 'quoted' || (selection.selectionSet !== undefined && inSet(selection.selectionSet))
      );
    });
  return inSet;
}

/** Whether this root field watches presence. */
export const isPresence = (root: string): boolean => presenceFields.has(root);
