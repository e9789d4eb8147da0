import type { Capability, Channel as ChannelData, Member } from '@parley/contracts';
import { ParleyError } from '@parley/contracts';
import type { MessagePage } from '../messages/message-page.ts';
import type { Execute } from '../operations/execute.ts';
import { snapshotQuery, viewerQuery } from './documents.ts';

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
}

interface Answer {
  readonly channel:
    | (ChannelData & {
        readonly epoch: string;
        readonly viewer: Viewer | null;
        readonly members: { readonly nodes: readonly Member[] };
        readonly messages: MessagePage;
      })
    | null;
}

const firstMessages = 30;
const firstMembers = 100;

/** Server tokens that act for nobody have no side. */
export const nobody: Viewer = { membership: null, capabilities: [], readSeq: 0, unreadCount: 0, unreadMentions: 0 };

/** @throws not_found, and whatever the query is refused with */
export async function loadSnapshot(execute: Execute, id: string): Promise<Snapshot> {
  const { channel } = await execute<Answer>(snapshotQuery, { id, messages: firstMessages, members: firstMembers });
  if (channel === null) throw unreadable(id);
  const { epoch, viewer, members, messages, ...data } = channel;
  return { epoch, data, viewer: viewer ?? nobody, members: members.nodes, messages };
}

/** @throws not_found, and whatever the query is refused with */
export async function loadViewer(execute: Execute, id: string): Promise<Viewer> {
  const { channel } = await execute<{ readonly channel: { readonly viewer: Viewer | null } | null }>(viewerQuery, {
    id,
  });
  if (channel === null) throw unreadable(id);
  return channel.viewer ?? nobody;
}

const unreadable = (id: string): ParleyError =>
  new ParleyError('not_found', `unable to open channel ${id}; there is none with this id, or you may not read it`);
