import AxeBuilder from '@axe-core/playwright';
import type { DevPlatform } from '@parley/cli';
import { requireTool, uniqueId } from '@parley/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  buildDemoPage,
  composer,
  launchBrowser,
  messages,
  openConversation,
  say,
  type Visitor,
  visit,
} from './demo-page.ts';
import { post, startPlatform } from './platform.ts';

const tool = requireTool('chromium');
const patience = { timeout: 30_000 };

describe.skipIf(tool.missing)(tool.label('the demo page in two browsers'), () => {
  let platform: DevPlatform;
  let browser: Browser;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    await buildDemoPage();
    [platform, browser] = await Promise.all([startPlatform({ demo: true }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints);
    await Promise.all(visitors.splice(0).map((visitor) => visitor.leave()));
    expect(complaints).toEqual([]);
  });

  test('the page is built for people, not for development, whoever built it', async () => {
    const page = await (await fetch(platform.demoUrl)).text();
    const [, script = ''] = /src="([^"]+\.js)"/.exec(page) ?? [];
    const code = await (await fetch(new URL(script, platform.demoUrl))).text();
    expect(code).toContain('jsx');
    expect(code).not.toContain('jsxDEV');
  });

  async function enter(userId: string): Promise<Page> {
    const visitor = await visit(browser, platform.demoUrl, userId);
    visitors.push(visitor);
    return visitor.page;
  }

  /** A conversation of ada and bob alone; gives its name. */
  async function conversation(): Promise<string> {
    const name = uniqueId('Talk');
    const created = await post(
      platform.graphqlUrl,
      platform.tokens['ada'] ?? '',
      'mutation Create($input: CreateChannelInput!) { createChannel(input: $input) { id } }',
      { input: { type: 'messaging', key: uniqueId('talk'), name, memberIds: ['ada', 'bob'] } },
    );
    expect(created).not.toHaveProperty('errors');
    return name;
  }

  async function twoInOneConversation() {
    const [ada, bob] = await Promise.all([enter('ada'), enter('bob')]);
    const name = await conversation();
    await Promise.all([openConversation(ada, name), openConversation(bob, name)]);
    return { ada, bob, name };
  }

  test('what one writes the other sees, and the tick turns into two when it was read', async () => {
    const { ada, bob } = await twoInOneConversation();
    await say(ada, 'Can you see this?');
    await messages(bob, 'Can you see this?').waitFor(patience);
    await messages(ada, 'Can you see this?').getByRole('img', { name: 'Read', exact: true }).waitFor(patience);
    await say(bob, 'Yes!');
    await messages(ada, 'Yes!').waitFor(patience);
    expect(await messages(ada, 'Yes!').count()).toBe(1);
  });

  test('typing shows at once and goes away with the message', async () => {
    const { ada, bob } = await twoInOneConversation();
    await composer(ada).pressSequentially('Something long');
    await bob.getByText('Ada Lovelace is typing…').first().waitFor(patience);
    await composer(ada).press('Enter');
    await messages(bob, 'Something long').waitFor(patience);
    await expect.poll(() => bob.getByText('Ada Lovelace is typing…').count(), patience).toBe(0);
  });

  test('a reaction of one is counted for the other, who adds to it and takes it back', async () => {
    const { ada, bob } = await twoInOneConversation();
    await say(ada, 'React to me');
    const [adas, bobs] = [messages(ada, 'React to me'), messages(bob, 'React to me')];
    await bobs.hover();
    await bobs.getByRole('button', { name: 'React', exact: true }).click();
    await bobs.getByRole('button', { name: 'React with ❤️' }).click();
    await adas.getByRole('button', { name: '❤️, 1', exact: true }).click();
    await bobs.getByRole('button', { name: '❤️, 2, including yours' }).waitFor(patience);
    await adas.getByRole('button', { name: '❤️, 2, including yours' }).click();
    await bobs.getByRole('button', { name: '❤️, 1, including yours' }).waitFor(patience);
  });

  test('an edit and a deletion are seen by the other', async () => {
    const { ada, bob } = await twoInOneConversation();
    await say(ada, 'Frist');
    await messages(bob, 'Frist').waitFor(patience);
    await composer(ada).press('ArrowUp');
    const editor = ada.getByRole('textbox', { name: 'Edit message' });
    await editor.fill('First');
    await editor.press('Enter');
    await messages(bob, 'First').getByText('edited').waitFor(patience);
    await messages(ada, 'First').hover();
    await messages(ada, 'First').getByRole('button', { name: 'Delete', exact: true }).click();
    await messages(ada, 'First').getByRole('button', { name: 'Delete?' }).click();
    await messages(bob, 'Message deleted').waitFor(patience);
  });

  test('the unread number grows in the list while one looks elsewhere, and is gone once it was read', async () => {
    const [ada, bob] = await Promise.all([enter('ada'), enter('bob')]);
    const [name, elsewhere] = [await conversation(), await conversation()];
    await openConversation(bob, elsewhere);
    await openConversation(ada, name);
    await say(ada, 'one');
    await say(ada, 'two');
    const item = bob.getByRole('navigation').getByRole('button', { name });
    await item.getByText('2 unread messages').waitFor(patience);
    await item.click();
    await messages(bob, 'two').waitFor(patience);
    await expect.poll(() => item.getByText('unread message').count(), patience).toBe(0);
  });

  test('presence is seen as it comes and goes', async () => {
    const ada = await enter('ada');
    const name = await conversation();
    await openConversation(ada, name);
    const header = ada.locator('header').filter({ hasText: name });
    const bob = await visit(browser, platform.demoUrl, 'bob');
    await bob.page.getByRole('navigation').getByRole('button', { name }).waitFor(patience);
    await header.getByText('1 online').waitFor(patience);
    await bob.leave();
    await header.getByText('2 members', { exact: true }).waitFor({ timeout: 60_000 });
  });

  test('grace waves, types and answers in the seeded conversation', async () => {
    const ada = await enter('ada');
    await openConversation(ada, 'Welcome to Parley');
    const before = await messages(ada, 'Hi Ada!').count();
    await say(ada, 'Hello Grace');
    await ada.getByText('Grace Hopper is typing…').first().waitFor(patience);
    await expect.poll(() => messages(ada, 'Hi Ada!').count(), patience).toBe(before + 1);
    await messages(ada, 'Hello Grace').getByRole('button', { name: '👋, 1' }).waitFor(patience);
  });

  test('a message is sent by the keyboard alone', async () => {
    const { ada, bob } = await twoInOneConversation();
    await ada.locator('body').click({ position: { x: 1, y: 1 } });
    const isComposer = () =>
      ada.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Write a message');
    for (let presses = 0; presses < 60 && !(await isComposer()); presses += 1) await ada.keyboard.press('Tab');
    expect(await isComposer()).toBe(true);
    await ada.keyboard.type('No mouse was used');
    await ada.keyboard.press('Enter');
    await messages(bob, 'No mouse was used').waitFor(patience);
  });

  test('what was written while the network was away is sent when it is back', async () => {
    const { ada, bob } = await twoInOneConversation();
    await ada.context().setOffline(true);
    await ada.getByText('Reconnecting…').waitFor(patience);
    await say(ada, 'Written offline');
    await messages(ada, 'Written offline').getByRole('img', { name: 'Sending' }).waitFor(patience);
    expect(await messages(bob, 'Written offline').count()).toBe(0);
    await ada.context().setOffline(false);
    await messages(bob, 'Written offline').waitFor({ timeout: 60_000 });
    expect(await messages(bob, 'Written offline').count()).toBe(1);
    // The browser itself reports requests that failed while it was offline.
    for (const visitor of visitors) visitor.forgive(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK/);
  });

  test.for([
    ['light', 1_100],
    ['dark', 1_100],
    ['light', 390],
    ['dark', 390],
  ] as const)('axe finds nothing serious: %s, %i wide', async ([theme, width]) => {
    const page = await enter('ada');
    await page.setViewportSize({ width, height: 760 });
    await page.emulateMedia({ colorScheme: theme });
    await openConversation(page, 'Welcome to Parley');
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });
});
