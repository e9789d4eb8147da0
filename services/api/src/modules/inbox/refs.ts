import type { InboxEvent } from '@parley/contracts';
import { builder } from '../../graphql/builder.ts';
import type { UnreadSummary } from './service.ts';

export const InboxEventRef = builder.interfaceRef<InboxEvent>('InboxEvent');
export const UnreadSummaryRef = builder.objectRef<UnreadSummary>('UnreadSummary');
