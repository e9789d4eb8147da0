import assert from 'node:assert/strict';
import { createClient } from '@parley/sdk-js';
import { uniqueId } from '@parley/testkit';
import { launchBrowser, messages, say, timeline, visit } from '../demo-page.ts';
import type { Place } from './consumer.ts';

const patienceMs = 60_000;

/** Ada opens the page that the app built, and Bob, who is elsewhere, has what she writes and answers. */
export async function chatInBrowser({ platform, channelId }: Place, url: string): Promise<void> {
  const browser = await launchBrowser();
  // One channel may be chatted in more than once.
  const [greeting, answer] = [uniqueId('Hello-Bob'), uniqueId('Hello-Ada')];
  const bob = createClient({ url: platform.graphqlUrl, token: platform.tokens['bob'] ?? '' });
  try {
    const { page, complaints } = await visit(browser, url, 'ada');
    page.setDefaultTimeout(patienceMs);
    const channel = bob.channel(channelId);
    channel.watch();
    await channel.ready();
    const arrived = new Promise<void>((resolve) => {
      channel.messages.subscribe(() => {
        if (channel.messages.get().items.at(-1)?.text === greeting) resolve();
      });
    });
    await say(page, greeting);
    await arrived;
    await channel.send(answer);
    await messages(page, answer).waitFor();
    // The stylesheet is there: without it the list does not scroll by itself.
    const overflow = await timeline(page).evaluate((log) => {
      for (let at: Element | null = log; at !== null; at = at.parentElement)
        if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return 'scrolls';
      return 'grows';
    });
    assert.equal(overflow, 'scrolls');
    assert.deepEqual(
      complaints.filter((text) => !/favicon|404/.test(text)),
      [],
    );
  } finally {
    bob.disconnect();
    await browser.close();
  }
}
