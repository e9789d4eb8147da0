import type { Capability, Channel as ChannelData, Member } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import { completedPage, loadPage, type MessagePage } from '../messages/message-page.ts';
import { channelQuery, channelViewerQuery } from '../operations/documents.ts';
import type { ExecuteTyped } from '../operations/execute.ts';
import type { WatchOptions } from './channel.ts';

/** The viewer's side of a channel. */
export interface Viewer {
  readonly membership: Member | null;
  readonly capabilities: readonly Capability[];
  readonly readSeq: number;
  readonly unreadCount: number;
  readonly unreadMentions: number;
}

/** A channel as it was at `data.seq`, or a little later. */
export interface Snapshot {
  /** Of the log that `data.seq` is a position in. */
  readonly epoch: string;
  readonly data: ChannelData;
  readonly viewer: Viewer;
  readonly members: readonly Member[];
  readonly messages: MessagePage;
  /** The newest messages, oldest first, whichever page is in `messages`. */
  readonly newest: MessagePage['nodes'];
}

const firstMessages = 30;
const messagesAroundUnread = 50;
const firstMembers = 100;

/** Server tokens that act for nobody have no side. */
const nobody: Viewer = { membership: null, capabilities: [], readSeq: 0, unreadCount: 0, unreadMentions: 0 };

type ReceivedViewer = Omit<Viewer, 'capabilities'> & { readonly capabilities: readonly string[] };

export function viewerOf(viewer: ReceivedViewer | null): Viewer {
  // A newer server may name capabilities that are unknown here; nobody asks for them.
  return (viewer as Viewer | null) ?? nobody;
}

/** @throws not_found, and whatever the queries are refused with */
export async function loadSnapshot(
  execute: ExecuteTyped,
  id: string,
  openAt: WatchOptions['openAt'],
): Promise<Snapshot> {
  const { channel } = await execute(channelQuery, { id, messages: firstMessages, members: firstMembers });
  if (channel === null) throw unreadable(id);
  const { epoch, viewer: received, members, messages, ...data } = channel;
  const viewer = viewerOf(received);
  const newest = completedPage(messages);
  const opening = openAt === 'newest' ? null : await loadFirstUnread(execute, id, viewer, newest);
  return { epoch, data, viewer, members: members.nodes, messages: opening ?? newest, newest: newest.nodes };
}

/** Null: the first unread message is among the newest ones. */
async function loadFirstUnread(
  execute: ExecuteTyped,
  id: string,
  { readSeq, unreadCount }: Viewer,
  { nodes, pageInfo }: MessagePage,
): Promise<MessagePage | null> {
  const aroundSeq = readSeq + 1;
  if (unreadCount === 0 || !pageInfo.hasPreviousPage || (nodes[0]?.seq ?? 0) <= aroundSeq) return null;
  return loadPage(execute, id, { aroundSeq, last: messagesAroundUnread });
}

/** The numbers are as of position `seq`. @throws not_found, and whatever the query is refused with */
export async function loadViewer(execute: ExecuteTyped, id: string): Promise<Viewer & { readonly seq: number }> {
  const { channel } = await execute(channelViewerQuery, { id });
  if (channel === null) throw unreadable(id);
  return { ...viewerOf(channel.viewer), seq: channel.seq };
}

const unreadable = (id: string): ParleyError =>
  new ParleyError('not_found', `unable to open channel ${id}; there is none with this id, or you may not read it`);
