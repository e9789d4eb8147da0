import type { DevPlatform } from '@parley/cli';
import { requireTool, uniqueId } from '@parley/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildDemoPage, composer, launchBrowser, messages, openConversation, timeline } from './demo-page.ts';
import { askAs, startPlatform } from './platform.ts';

const tool = requireTool('chromium');
const patience = { timeout: 30_000 };

/** What takes the messenger out of sight, as scripts of the page. `panel` is the element around it. */
const hidden: Record<string, string> = {
  'display: none': `root.style.display = 'none'`,
  'visibility: hidden': `root.style.visibility = 'hidden'`,
  'opacity: 0': `root.style.opacity = '0'`,
  'no height': `Object.assign(root.style, { blockSize: '0', overflow: 'hidden' })`,
  'a closed panel around it': `Object.assign(panel.style, { blockSize: '0', overflow: 'hidden' })`,
  'a place beside the window': `Object.assign(root.style, { position: 'absolute', left: '-5000px', width: '900px' })`,
  'a place further down the page': `root.style.marginTop = '3000px'`,
  inert: `root.inert = true`,
};

describe.skipIf(tool.missing)(tool.label('what counts as seen, in Chromium'), () => {
  let platform: DevPlatform;
  let browser: Browser;
  let page: Page;
  let name: string;
  let channelId: string;
  let marks: string[];

  beforeAll(async () => {
    await buildDemoPage();
    [platform, browser] = await Promise.all([startPlatform({ demo: true }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });
  /** Bob's page, with a clock that the test moves, and what it says to the server about reading. */
  beforeEach(async () => {
    name = uniqueId('Talk');
    channelId = await askAs(
      platform,
      'ada',
      'mutation Create($input: CreateChannelInput!) { createChannel(input: $input) { id } }',
      {
        input: { type: 'messaging', key: uniqueId('talk'), name, memberIds: ['ada', 'bob'] },
      },
    ).then(({ createChannel }) => String(createChannel?.['id']));
    const context = await browser.newContext({ viewport: { width: 1_100, height: 760 } });
    page = await context.newPage();
    await page.clock.install();
    marks = [];
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        if (String(payload).includes('markRead')) marks.push(String(payload));
      }),
    );
    const url = new URL(platform.demoUrl);
    url.searchParams.set('user', 'bob');
    await page.goto(url.href);
    await openConversation(page, name);
  });
  afterEach(() => page?.context().close());

  /** Ada writes; resolves once the message is in bob's page, wherever that is. */
  async function adaSays(text: string): Promise<void> {
    const query = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { seq } }';
    await askAs(platform, 'ada', query, { input: { channelId, id: crypto.randomUUID(), text } });
    await page.locator('.parley-message', { hasText: text }).waitFor({ ...patience, state: 'attached' });
  }
  async function unreadOfBob(): Promise<unknown> {
    const query = 'query Unread($id: ID!) { channel(id: $id) { viewer { unreadCount } } }';
    const { channel } = await askAs(platform, 'bob', query, { id: channelId });
    return Object.assign({ unreadCount: null }, channel?.['viewer']).unreadCount;
  }
  /** The browser has told every observer what is in view, and two seconds pass. */
  async function lookAWhile(): Promise<void> {
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const observer = new IntersectionObserver(() => {
            observer.disconnect();
            resolve();
          });
          observer.observe(document.body);
        }),
    );
    await page.clock.runFor(2_000);
  }
  async function expectUnreadWhile(hide: () => Promise<unknown>, show: () => Promise<unknown>): Promise<void> {
    await hide();
    await adaSays('Are you there?');
    await lookAWhile();
    expect([marks, await unreadOfBob()]).toEqual([[], 1]);
    await show();
    await expect.poll(unreadOfBob, patience).toBe(0);
    // The browser tells of its frames in its own time.
    await expect.poll(() => marks.length, patience).toBe(1);
  }

  test.each(Object.entries(hidden))('with %s nothing is read until it is back', async (_way, script) => {
    await expectUnreadWhile(
      () =>
        page.evaluate(`{
        const root = document.getElementById('root');
        const panel = document.createElement('div');
        root.before(panel);
        panel.append(root);
        ${script};
      }`),
      () =>
        page.evaluate(`{
        const root = document.getElementById('root');
        root.inert = false;
        for (const each of [root, root.parentElement]) each.style.cssText = '';
      }`),
    );
  });

  test('behind a modal dialog nothing is read until that is closed', () =>
    expectUnreadWhile(
      () =>
        page.evaluate(() => {
          const dialog = document.body.appendChild(document.createElement('dialog'));
          dialog.textContent = 'Shall we?';
          dialog.showModal();
        }),
      () => page.evaluate(() => document.querySelector('dialog')?.close()),
    ));

  test('in a tab that is behind another one nothing is read', () => {
    // Chromium without a window has all its tabs in front, so the page is told.
    const say = (state: string) =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      }, state);
    return expectUnreadWhile(
      () => say('hidden'),
      () => say('visible'),
    );
  });

  test('in a window that is not in use nothing is read', () => {
    const say = (focused: boolean) =>
      page.evaluate((has) => {
        document.hasFocus = () => has;
        window.dispatchEvent(new Event(has ? 'focus' : 'blur'));
      }, focused);
    return expectUnreadWhile(
      () => say(false),
      () => say(true),
    );
  });

  test('of more than a screen, what one has come to is read, and the rest stays unread', async () => {
    await page.evaluate(() => document.getElementById('root')?.style.setProperty('display', 'none'));
    for (let at = 1; at <= 40; at += 1) await adaSays(`Line ${at} of forty`);
    await openConversationAnew();
    await messages(page, 'Line 1 of forty').waitFor(patience);
    await expect.poll(unreadOfBob, patience).toBeLessThan(40);
    await lookAWhile();
    const left = Number(await unreadOfBob());
    expect(left).toBeGreaterThan(10);
    await page.getByRole('button', { name: 'Jump to latest' }).click();
    await expect.poll(unreadOfBob, patience).toBe(0);
  });

  test('in a dialog of its own, in a part of the page, and with the keyboard, a messenger is read as ever', async () => {
    await page.evaluate(() => {
      const dialog = document.body.appendChild(document.createElement('dialog'));
      const root = document.getElementById('root');
      root?.setAttribute('style', 'block-size: 420px; inline-size: 480px');
      if (root !== null) dialog.append(root);
      dialog.showModal();
    });
    await timeline(page).focus();
    await adaSays('In a dialog');
    await expect.poll(unreadOfBob, patience).toBe(0);
    await composer(page).focus();
    await adaSays('While writing');
    await expect.poll(unreadOfBob, patience).toBe(0);
  });

  async function openConversationAnew(): Promise<void> {
    await page.reload();
    await openConversation(page, name);
  }
});
