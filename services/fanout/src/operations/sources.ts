import { invalidInput, ParleyError, parseChannelId } from '@parley/contracts';
import { ChannelSubscription, type ChannelSubscriptionDeps } from '../interest/channel-subscription.ts';
import type { FeedDeps } from '../interest/feed-deps.ts';
import { InboxSubscription } from '../interest/inbox-subscription.ts';
import { PresenceSubscription, parsePresenceIds } from '../interest/presence-subscription.ts';
import type { Subscriber } from '../interest/subscriber.ts';
import type { Revocable } from './operation-sink.ts';

export type SourceDeps = ChannelSubscriptionDeps & FeedDeps;

/** Starts what feeds a subscription, by its root field. @throws invalid_input, forbidden */
export function openSource(
  deps: SourceDeps,
  subscriber: Subscriber,
  field: string,
  args: Readonly<Record<string, unknown>>,
): Revocable {
  switch (field) {
    case 'channelEvents': {
      const after = parseAfter(args['after']);
      const { epoch } = args;
      const subscription = new ChannelSubscription(deps, subscriber, parseChannelId(String(args['channelId'])));
      void subscription.run(after, typeof epoch === 'string' ? epoch : null);
      return subscription;
    }
    case 'inbox': {
      const after = args['after'];
      const subscription = new InboxSubscription(deps, subscriber, typeof after === 'string' ? after : null);
      void subscription.run();
      return subscription;
    }
    case 'presence':
    case 'presenceChanges': {
      const form = field === 'presence' ? 'each' : 'together';
      const subscription = new PresenceSubscription(deps, subscriber, parsePresenceIds(args['userIds']), form);
      void subscription.run();
      return subscription;
    }
    default:
      throw new ParleyError('invalid_query', `unable to subscribe; this node does not know ${field}`);
  }
}

function parseAfter(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalidInput('after', 'it is the seq of an event, a whole number from 0 on');
}
