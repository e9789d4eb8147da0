import type { DevPlatform } from '@parley/cli';
import { requireTool, uniqueId } from '@parley/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildDemoPage, launchBrowser, messages, openConversation, say, timeline } from './demo-page.ts';
import { askAs, startPlatform } from './platform.ts';

const tool = requireTool('chromium');
const patience = { timeout: 30_000 };

describe.skipIf(tool.missing)(tool.label('where a conversation opens, in Chromium'), () => {
  let platform: DevPlatform;
  let browser: Browser;
  let page: Page;
  let name: string;
  let channelId: string;
  /** What bob's page has asked for, as text. */
  let asked: string[];

  beforeAll(async () => {
    await buildDemoPage();
    [platform, browser] = await Promise.all([startPlatform({ demo: true }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });
  beforeEach(async () => {
    name = uniqueId('Long');
    const input = { type: 'messaging', key: uniqueId('long'), name, memberIds: ['ada', 'bob'] };
    const create = 'mutation Create($input: CreateChannelInput!) { createChannel(input: $input) { id } }';
    channelId = String((await askAs(platform, 'ada', create, { input })).createChannel?.['id']);
    asked = [];
  });
  afterEach(() => page?.context().close());

  /** Ada writes; returns the id. */
  async function adaSays(text: string, quotedId?: string): Promise<string> {
    const query = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { id } }';
    const { sendMessage } = await askAs(platform, 'ada', query, { input: { channelId, text, quotedId } });
    return String(sendMessage?.['id']);
  }
  async function adaSaysLines(count: number): Promise<void> {
    for (let at = 1; at <= count; at += 1) await adaSays(`Line ${at} of all`);
  }
  async function unreadOfBob(): Promise<unknown> {
    const query = 'query Unread($id: ID!) { channel(id: $id) { viewer { unreadCount } } }';
    const { channel } = await askAs(platform, 'bob', query, { id: channelId });
    return Object.assign({ unreadCount: null }, channel?.['viewer']).unreadCount;
  }
  /** Bob opens the conversation in a page of his own. */
  async function bobOpens(): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1_100, height: 760 } });
    page = await context.newPage();
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => asked.push(String(payload))));
    const url = new URL(platform.demoUrl);
    url.searchParams.set('user', 'bob');
    await page.goto(url.href);
    await openConversation(page, name);
  }
  /** The numbers of the lines that are loaded. */
  async function lines(): Promise<number[]> {
    const texts = await page.locator('.parley-text').allTextContents();
    return texts.flatMap((text) => (/^Line (\d+)/.exec(text) ?? []).slice(1).map(Number));
  }
  /** How far an element's upper edge is below that of the list, in px. */
  const below = (selector: string) =>
    page.evaluate((wanted) => {
      const top = (of: string) => document.querySelector(of)?.getBoundingClientRect().top ?? Number.NaN;
      return top(wanted) - top('.parley-scroller');
    }, selector);
  const toLatest = () => page.getByRole('button', { name: 'Jump to latest' });

  test('at the first unread message, with the divider above it; reading on loads and reads the rest, each line once', async () => {
    await adaSaysLines(120);
    await bobOpens();
    await messages(page, 'Line 1 of all').waitFor(patience);
    await expect.poll(() => below('.parley-new')).toBeLessThan(60);
    expect(await below('.parley-new')).toBeGreaterThan(-5);
    await expect.poll(unreadOfBob, patience).toBeLessThan(120);
    expect(await unreadOfBob()).toBeGreaterThan(90);
    expect((await lines()).at(-1)).toBeLessThan(120);

    await adaSays('Line 121 of all');
    await timeline(page).hover();
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 400);
        return (await lines()).at(-1) === 121 && (await toLatest().count()) === 0;
      }, patience)
      .toBe(true);
    expect(await lines()).toEqual(Array.from({ length: 121 }, (_, index) => index + 1));
    await expect.poll(unreadOfBob, patience).toBe(0);
    await adaSays('Line 122 of all');
    await expect.poll(async () => (await lines()).at(-1), patience).toBe(122);
    // It stands where reading had stopped, whatever was read since.
    expect(await page.locator('.parley-new + .parley-message').textContent()).toContain('Line 1 of all');
  });

  test('whoever went to the newest messages finds the way back to the first unread one', async () => {
    await adaSaysLines(120);
    await bobOpens();
    await messages(page, 'Line 1 of all').waitFor(patience);
    const back = page.getByRole('button', { name: 'Jump to unread' });
    expect(await back.count()).toBe(0);
    await toLatest().click();
    await messages(page, 'Line 120 of all').waitFor(patience);
    await back.click();
    await messages(page, 'Line 1 of all').waitFor(patience);
    await expect.poll(() => below('.parley-message[data-highlighted="true"]'), patience).toBeGreaterThan(0);
    expect(await page.locator('.parley-message[data-highlighted="true"]').textContent()).toContain('Line 1 of all');
    expect(await back.count()).toBe(0);
  });

  test('nobody is carried on by pages that come: whoever looks at a place keeps it', async () => {
    await adaSaysLines(120);
    await bobOpens();
    await messages(page, 'Line 1 of all').waitFor(patience);
    await timeline(page).hover();
    await page.mouse.wheel(0, 300);
    const row = '.parley-message:nth-child(12)';
    await expect.poll(() => below(row)).toBeLessThan(700);
    await expect.poll(async () => (await lines()).length, patience).toBeGreaterThan(50);
    const before = await below(row);
    await adaSays('Line 121 of all');
    await expect.poll(() => toLatest().textContent(), patience).toMatch(/unread/);
    await askAs(platform, 'ada', 'mutation Type($input: SetTypingInput!) { setTyping(input: $input) }', {
      input: { channelId, typing: true },
    });
    await page.locator('.parley-typing').waitFor({ ...patience, state: 'attached' });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    expect(Math.abs((await below(row)) - before)).toBeLessThan(2);
  });

  test('whoever drags the bar to the end of what is loaded stays there, and is not carried on to the newest message', async () => {
    await adaSaysLines(200);
    await bobOpens();
    await messages(page, 'Line 1 of all').waitFor(patience);
    await expect.poll(async () => (await lines()).length, patience).toBeGreaterThan(49);
    const last = (await lines()).at(-1);
    await page.evaluate(() => document.querySelector('.parley-scroller')?.scrollTo(0, 0));
    await expect.poll(async () => (await lines()).at(-1), patience).toBeGreaterThan(Number(last));
    const isInView = () =>
      messages(page, `Line ${last} of all`).evaluate((row) => {
        const frame = row.closest('.parley-scroller')?.getBoundingClientRect();
        const { top, bottom } = row.getBoundingClientRect();
        return frame !== undefined && top >= frame.top && bottom <= frame.bottom;
      });
    expect(await isInView()).toBe(true);
    await adaSays('Line 201 of all');
    await expect.poll(() => toLatest().textContent(), patience).toMatch(/unread/);
    expect([await isInView(), (await lines()).at(-1) === 201]).toEqual([true, false]);
  });

  test('a quote from long ago is one request away, and so are the latest messages', async () => {
    const start = await adaSays('The start of it all');
    await adaSaysLines(150);
    await adaSays('As I said then', start);
    await askAs(platform, 'bob', 'mutation Read($input: MarkReadInput!) { markRead(input: $input) { readSeq } }', {
      input: { channelId },
    });
    await bobOpens();
    await messages(page, 'As I said then').waitFor(patience);
    asked = [];
    await page.getByRole('button', { name: /The start of it all/ }).click();
    const target = page.locator('.parley-message[data-highlighted="true"]');
    await target.waitFor(patience);
    expect(await target.textContent()).toContain('The start of it all');
    expect(await target.evaluate((row) => row === document.activeElement)).toBe(true);
    expect(asked.filter((frame) => frame.includes('query Messages(') && frame.includes('around'))[0]).toContain(start);
    expect((await lines()).at(-1)).toBeLessThan(150);

    await toLatest().click();
    await messages(page, 'As I said then').waitFor(patience);
    await expect.poll(() => toLatest().count(), patience).toBe(0);
    expect((await lines()).at(-1)).toBe(150);
  });

  test('whoever writes far from the end comes to it, and sees what was written below the latest messages', async () => {
    await adaSaysLines(120);
    await bobOpens();
    await messages(page, 'Line 1 of all').waitFor(patience);
    await say(page, 'I have read enough');
    await messages(page, 'Line 120 of all').waitFor(patience);
    await expect.poll(() => page.locator('.parley-text').last().textContent(), patience).toBe('I have read enough');
    await expect.poll(() => toLatest().count(), patience).toBe(0);
    expect(await page.locator('.parley-text', { hasText: 'I have read enough' }).count()).toBe(1);
  });
});
