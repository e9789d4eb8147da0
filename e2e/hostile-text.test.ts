import type { DevPlatform } from '@parley/cli';
import { createServerClient } from '@parley/sdk-server';
import { requireTool } from '@parley/testkit';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDemoPage, launchBrowser, visit } from './demo-page.ts';
import { post, startPlatform } from './platform.ts';

const tool = requireTool('chromium');

/** Whether the first of these words stands to the left of the last one: what an override that leaks turns around. */
const readsLeftToRight = (place: Locator, first: string, last: string): Promise<boolean> =>
  place.evaluate(
    (element, [from, to]) => {
      const leftOf = (word: string): number => {
        const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
          const at = node.textContent?.indexOf(word) ?? -1;
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          return range.getBoundingClientRect().left;
        }
        throw new Error(`unable to measure; there is no "${word}"`);
      };
      return leftOf(from) < leftOf(to);
    },
    [first, last] as const,
  );

describe.skipIf(tool.missing)(tool.label('text from a stranger, in a browser'), () => {
  let platform: DevPlatform;
  let browser: Browser;

  beforeAll(async () => {
    await buildDemoPage();
    [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  test('overrides turn nothing around that is not their own, and no word of JavaScript takes the page down', async () => {
    const { graphqlUrl: url, apiKey: keyId, apiSecret: secret } = platform;
    const server = createServerClient({ url, keyId, secret });
    const memberIds = ['ada', 'grace', 'mallory'];
    await server.upsertUsers(memberIds.map((id) => ({ id, name: id === 'mallory' ? '\u202Emallory' : id })));
    const { id } = await server.createChannel({ type: 'messaging', key: 'trap', memberIds, name: 'Trap' });
    await server.sendMessage('mallory', { channelId: id, text: '\u202Esee https://parley.dev/docs/first/last' });
    const last = await server.sendMessage('mallory', { channelId: id, text: 'react to me' });
    const act = async (mutation: string, input: Record<string, unknown>) => {
      const token = await server.mintUserToken('mallory');
      expect((await post(url, token, mutation, { input }))['errors']).toBeUndefined();
    };
    for (const type of ['__proto__', 'constructor', '\u202Eabc']) {
      const react = 'mutation ($input: AddReactionInput!) { addReaction(input: $input) { id } }';
      await act(react, { messageId: last.id, type });
    }

    const visitor = await visit(browser, platform.demoUrl, 'ada');
    const { page } = visitor;
    await page.getByRole('navigation').getByRole('button', { name: 'Trap' }).click();
    await page.getByRole('button', { name: '__proto__, 1' }).waitFor();
    await page.getByRole('button', { name: 'constructor, 1' }).waitFor();
    const link = page.getByRole('link', { name: 'https://parley.dev/docs/first/last' });
    expect(await readsLeftToRight(link, 'parley', 'last')).toBe(true);
    expect(await readsLeftToRight(page.getByRole('button', { name: /^Trap/ }), 'mallory:', 'react')).toBe(true);

    await act('mutation ($input: SetTypingInput!) { setTyping(input: $input) }', { channelId: id, typing: true });
    const typing = page.locator('.parley-subtitle');
    await typing.getByText('is typing').waitFor();
    expect(await readsLeftToRight(typing, 'mallory', 'typing')).toBe(true);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });
});
