import { expect, test } from 'vitest';
import { channelEventsSubscription, inboxSubscription } from './documents.ts';

test('what the server runs once for all selects nothing that depends on who asks', () => {
  for (const document of [channelEventsSubscription, inboxSubscription]) {
    expect(document).not.toMatch(/ownReactions|viewer|members\(|messages\(/);
  }
});
