import type { LoggedEvent } from '../channels/channel-event.ts';
import type { MessagePage } from './message-page.ts';
import { quotesAfter } from './quotes.ts';
import { afterEvent, type Timeline } from './timeline.ts';

export type Direction = 'older' | 'newer';

export const opposite = (direction: Direction): Direction => (direction === 'older' ? 'newer' : 'older');

/** How a timeline goes on at one end of the loaded part. */
interface End {
  readonly more: boolean;
  /** Where the API goes on; null: it was not said for the message that is the outermost now. */
  readonly cursor: string | null;
}

/** The loaded part of a timeline, without holes: it begins and ends anywhere. */
export interface Window extends Readonly<Record<Direction, End>> {
  readonly timeline: Timeline;
}

/** Beyond it the end that is further from the reader is let go; it can be loaded again. */
const mostLoaded = 5_000;
const trimTo = 4_500;
const pageLength = 50;

const unknownEnd: End = { more: true, cursor: null };

export const windowOf = ({ nodes, pageInfo }: MessagePage): Window => ({
  timeline: nodes,
  older: { more: pageInfo.hasPreviousPage, cursor: pageInfo.startCursor },
  newer: { more: pageInfo.hasNextPage, cursor: pageInfo.endCursor },
});

export const isLoaded = ({ timeline }: Window, id: string): boolean => timeline.some((message) => message.id === id);

/** Whether a position lies where nothing is loaded: a message put there would stand behind a hole. */
export function isBeyond({ timeline, older, newer }: Window, seq: number): boolean {
  const [first] = timeline;
  return (newer.more && seq > (timeline.at(-1)?.seq ?? 0)) || (older.more && first !== undefined && seq < first.seq);
}

/** The window after an event. The same one when nothing in it changed. */
export function windowAfter(window: Window, event: LoggedEvent, userId: string | null): Window {
  const isNew = event.__typename === 'MessageCreated' && event.message.parentId === null;
  if (isNew && isBeyond(window, event.message.seq)) return window;
  return withTimeline(window, afterEvent(window.timeline, event, userId));
}

const withTimeline = (window: Window, timeline: Timeline): Window =>
  timeline === window.timeline ? window : { ...window, timeline };

/** A page that may have been read before events that came meanwhile. Whether it counts their replies cannot be told; it is left as it is. */
export function caughtUp(page: Window, arrived: readonly LoggedEvent[], userId: string | null): Window {
  return arrived.reduce((window, event) => {
    if (!('message' in event)) return window;
    const { id, parentId } = event.message;
    if (parentId !== null && isLoaded(page, parentId)) return withTimeline(window, quotesAfter(window.timeline, event));
    if (event.__typename === 'MessageCreated' && isLoaded(page, id)) return window;
    return windowAfter(window, event, userId);
  }, page);
}

/** The arguments for the page that comes next in a direction. */
export function nextPage(window: Window, direction: Direction) {
  const { cursor } = window[direction];
  if (cursor === null) return { around: window.timeline.at(direction === 'older' ? 0 : -1)?.id, last: pageLength };
  return direction === 'older' ? { last: pageLength, before: cursor } : { first: pageLength, after: cursor };
}

/** A page that goes on in a direction, so that nothing is known of its other end. */
export const pageTowards = (page: MessagePage, direction: Direction): Window => ({
  ...windowOf(page),
  [opposite(direction)]: unknownEnd,
});

/** Joins a page to the window. A message that is there already is the newer version. */
export function joined(window: Window, page: Window, direction: Direction): Window {
  const known = new Set(window.timeline.map(({ id }) => id));
  const added = page.timeline.filter(({ id }) => !known.has(id));
  return {
    ...window,
    timeline: direction === 'older' ? [...added, ...window.timeline] : [...window.timeline, ...added],
    [direction]: page[direction],
  };
}

/** The window that takes the place of another one. A message that was loaded before is the newer version. */
export function replaced(window: Window, page: Window): Window {
  const known = new Map(window.timeline.map((message) => [message.id, message]));
  return { ...page, timeline: page.timeline.map((message) => known.get(message.id) ?? message) };
}

/** A window that has grown too long is cut at the end that the reader did not go to last. */
export function trimmed(window: Window, reader: Direction): Window {
  if (window.timeline.length <= mostLoaded) return window;
  return reader === 'older'
    ? { ...window, timeline: window.timeline.slice(0, trimTo), newer: unknownEnd }
    : { ...window, timeline: window.timeline.slice(-trimTo), older: unknownEnd };
}
