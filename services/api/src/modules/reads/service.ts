import type { User } from '@parley/contracts';
import { invalidInput, ParleyError, parseChannelId } from '@parley/contracts';
import type { Actor } from '../../platform/actor.ts';
import { requireUser } from '../../platform/actor.ts';
import type { Publisher } from '../../platform/publisher.ts';
import type { Sql } from '../../platform/sql.ts';
import type { ChannelAccessService } from '../channels/access.ts';
import { lacking } from '../channels/access.ts';
import { featuresOf } from '../channels/grants.ts';
import type { InboxService } from '../inbox/service.ts';
import { moveRead } from './repository.ts';

export interface MarkReadInput {
  readonly channelId: string;
  /** Default: the head of the channel's log, which it never passes. */
  readonly seq?: number | null | undefined;
}

export interface ReadState {
  readonly user: User;
  readonly readSeq: number;
  readonly readAt: string;
  readonly unreadCount: number;
}

export interface ReadsService {
  /** The pointer only goes forward; tells the others of the channel and the reader's own devices. @throws forbidden, invalid_input */
  mark(actor: Actor, input: MarkReadInput): Promise<ReadState>;
}

export interface ReadsDependencies {
  readonly sql: Sql;
  readonly access: ChannelAccessService;
  readonly publisher: Pick<Publisher, 'ephemeral'>;
  readonly inbox: Pick<InboxService, 'readMoved'>;
}

export function createReads({ sql, access, publisher, inbox }: ReadsDependencies): ReadsService {
  return {
    async mark(actor, input) {
      const { appId, userId } = requireUser(actor, 'mark as read');
      const channelId = parseChannelId(input.channelId);
      if (typeof input.seq === 'number' && input.seq < 0) throw invalidInput('seq', 'a seq is 0 or more');
      const seen = await access.check(actor, channelId, 'read-events');
      // Server rights are no membership, and only a member has a read pointer.
      if (seen.role === null) throw lacking('read-events', channelId);
      const moved = await moveRead(sql, appId, channelId, userId, input.seq ?? null);
      if (moved === null)
        throw new ParleyError('not_found', `unable to mark as read; you are no longer a member of ${channelId}`);
      const { advanced, ...state } = moved;
      if (advanced) {
        if (featuresOf[seen.type].readReceipts) {
          publisher.ephemeral(appId, {
            __typename: 'ReadAdvanced',
            channelId,
            at: state.readAt,
            userId,
            readSeq: state.readSeq,
          });
        }
        inbox.readMoved(appId, channelId, userId);
      }
      return state;
    },
  };
}
