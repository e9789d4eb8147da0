import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { DevPlatform } from '@parley/cli';
import { requireTool, uniqueId } from '@parley/testkit';
import type { Browser, Page } from 'playwright-core';
import { preprocessCSS, resolveConfig } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDemoPage, composer, launchBrowser, messages, openConversation } from './demo-page.ts';
import { differingPixels } from './pixels.ts';
import { askAs, startPlatform } from './platform.ts';

const tool = requireTool('chromium');
const require = createRequire(import.meta.url);
const sheet = (file: string): string => readFileSync(file, 'utf8');
/** A preflight as Tailwind gives it to a page without a theme of its own: `theme(name, value)` is the value. */
const preflight = (file: string): string =>
  sheet(file).replaceAll(/(?:--)?theme\(\s*[^,]+,\s*((?:[^()]|\([^)]*\))*)\)/g, '$1');

/** The kit's own, from its sources. */
async function kitSheet(): Promise<string> {
  const file = fileURLToPath(new URL('../packages/sdk-react/src/styles/index.css', import.meta.url));
  const { code } = await preprocessCSS(
    readFileSync(file, 'utf8'),
    file,
    await resolveConfig({ configFile: false }, 'build'),
  );
  return code;
}

const aggressive = `
  div, span, p, h1, h2, ul, ol, li, a, time, bdi, nav, header, section, footer { margin: 7px; padding: 9px; border: 3px solid red;
    background: pink; color: green; font: italic 30px/3 serif; letter-spacing: 4px; text-align: right; text-transform: uppercase; float: left; }
  button, input, textarea { display: block; width: 90%; height: 70px; margin: 8px; padding: 20px; border: 5px dotted blue; border-radius: 0;
    background: yellow; color: red; font: bold 25px cursive; text-transform: uppercase; box-shadow: 0 0 9px black; position: absolute; }
  svg, img { width: 90px; height: 90px; margin: 12px; }
  div::before, span::after, button::before { content: "host"; display: block; height: 20px; }
  a:hover, button:hover { color: white; background: black; transform: scale(2); }
  [role] { outline: 4px solid lime; } [type] { opacity: 0.4; } [aria-label] { min-height: 100px; }
  body { font: 25px/2 monospace; letter-spacing: 3px; text-align: center; text-transform: uppercase; white-space: pre; cursor: crosshair; }`;

const hosts: Record<string, string> = {
  'a reset of all elements': '* { margin: 0; padding: 0; box-sizing: border-box }',
  'Tailwind 3': preflight(require.resolve('tailwind-3/src/css/preflight.css')),
  'Tailwind 4': `@layer theme, base, components, utilities; @layer base { ${preflight(require.resolve('tailwindcss/preflight.css'))} }`,
  'Bootstrap 5': sheet(require.resolve('bootstrap/dist/css/bootstrap.css')),
  'Pico 2': sheet(require.resolve('@picocss/pico/css/pico.css')),
  normalize: sheet(require.resolve('normalize.css/normalize.css')),
  'what hits every element': aggressive,
};
const [width, height] = [1_000, 700];

/** The messenger alone, at a place of its own, so that the page around it may do what it likes. */
const fixed = `position: fixed; inset: 0 auto auto 0; inline-size: ${width}px; block-size: ${height}px; margin: 0; border: 0`;

async function addSheet(page: Page, css: string, place: 'before' | 'after'): Promise<() => Promise<void>> {
  await page.evaluate(
    ([text, where]) => {
      const style = document.createElement('style');
      style.id = 'host';
      style.textContent = text;
      if (where === 'before') document.head.prepend(style);
      else document.head.append(style);
    },
    [css, place] as const,
  );
  return () => page.evaluate(() => document.querySelector('#host')?.remove());
}

describe.skipIf(tool.missing)(tool.label('the messenger in the page of a host, in Chromium'), () => {
  let platform: DevPlatform;
  let browser: Browser;
  let name: string;

  beforeAll(async () => {
    await buildDemoPage();
    [platform, browser] = await Promise.all([startPlatform({ demo: true }), launchBrowser()]);
    name = uniqueId('Room');
    const ask = (userId: string, query: string, input: object) => askAs(platform, userId, query, { input });
    const create = 'mutation M($input: CreateChannelInput!) { createChannel(input: $input) { id } }';
    const { createChannel } = await ask('ada', create, { type: 'messaging', name, memberIds: ['ada', 'bob'] });
    const channelId = String(createChannel?.['id']);
    const send = 'mutation M($input: SendMessageInput!) { sendMessage(input: $input) { id } }';
    const say = async (userId: string, input: object) =>
      String((await ask(userId, send, { channelId, ...input })).sendMessage?.['id']);
    const first = await say('ada', { text: 'Have you seen https://example.com/a?b=c, Bob?' });
    await say('bob', { text: 'Yes. It is long, '.repeat(12), quotedId: first });
    await say('ada', { text: '🎉' });
    const last = await say('bob', { text: 'One word\n\n  and some lines' });
    const react = 'mutation M($input: AddReactionInput!) { addReaction(input: $input) { id } }';
    for (const userId of ['ada', 'bob']) await ask(userId, react, { messageId: last, type: 'like' });
    const remove = 'mutation M($input: DeleteMessageInput!) { deleteMessage(input: $input) { id } }';
    await ask('ada', remove, { messageId: await say('ada', { text: 'Wrong' }) });
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  /** Bob, with the conversation open and a message under the mouse. */
  async function open(): Promise<Page> {
    // The demo allows no styles but its own.
    const context = await browser.newContext({
      viewport: { width: 1_100, height: 760 },
      reducedMotion: 'reduce',
      bypassCSP: true,
    });
    const page = await context.newPage();
    const url = new URL(platform.demoUrl);
    url.searchParams.set('user', 'bob');
    await page.goto(url.href);
    await openConversation(page, name);
    await messages(page, 'and some lines').waitFor();
    await page.locator('.parley-messenger').evaluate((element, style) => {
      element.setAttribute('style', style);
    }, fixed);
    await composer(page).fill('Half a sentence');
    await messages(page, 'and some lines').hover();
    return page;
  }
  const picture = (page: Page) => page.screenshot({ clip: { x: 0, y: 0, width, height }, animations: 'disabled' });

  test('looks the same whatever style sheets the host has', async () => {
    const page = await open();
    // What is drawn first is smoothed a little otherwise than what is drawn again.
    await (await addSheet(page, hosts['Bootstrap 5'] ?? '', 'after'))();
    const alone = await picture(page);
    const differing: Record<string, number> = {};
    for (const [host, css] of Object.entries(hosts))
      for (const place of ['before', 'after'] as const) {
        const remove = await addSheet(page, css, place);
        differing[`${host}, ${place} the kit`] = await differingPixels(
          page,
          alone,
          await picture(page),
          `${host} ${place}`,
        );
        await remove();
      }
    expect(Object.entries(differing).filter(([, pixels]) => pixels > 0)).toEqual([]);
    await page.context().close();
  }, 120_000);

  test('takes colours, its size and rules for its parts from the host, wherever they stand', async () => {
    const page = await open();
    await page.locator('.parley-messenger').evaluate((element) => {
      element.removeAttribute('style');
      element.classList.add('mine');
    });
    const css =
      'body { --parley-accent: rgb(1 2 3) } .mine { inline-size: 432px } .parley .parley-title { color: rgb(4 5 6); padding: 7px }';
    for (const place of ['before', 'after'] as const) {
      const remove = await addSheet(page, css, place);
      const styleOf = (selector: string) =>
        page
          .locator(selector)
          .first()
          .evaluate((element) => {
            const { backgroundColor, color, inlineSize, paddingTop } = getComputedStyle(element);
            return { backgroundColor, color, inlineSize, paddingTop };
          });
      expect(await styleOf('.parley-message[data-own="true"] .parley-bubble')).toMatchObject({
        backgroundColor: 'rgb(1, 2, 3)',
      });
      expect(await styleOf('.mine')).toMatchObject({ inlineSize: '432px' });
      expect(await styleOf('.parley-title')).toMatchObject({ color: 'rgb(4, 5, 6)', paddingTop: '7px' });
      await remove();
    }
    await page.context().close();
  });

  test('styles nothing of the host', async () => {
    const page = await browser.newPage();
    const everything = [
      'h1',
      'h2',
      'p',
      'ul><li',
      'ol><li',
      'a href="#"',
      'button',
      'textarea',
      'time',
      'div class="message"',
      'b',
      'img alt="a"',
    ];
    const elements = everything.map((element) => `<${element}>words`).join('\n');
    await page.setContent(
      `<body><main class="app">${elements}<input value="words"><dialog open>words</dialog></main></body>`,
    );
    const alone = await picture(page);
    await addSheet(page, await kitSheet(), 'after');
    expect(await differingPixels(page, alone, await picture(page), 'host alone')).toBe(0);
    await page.close();
  });

  test('what points along the line of writing is turned in a page from right to left', async () => {
    const page = await open();
    const turned = () =>
      page.locator('.parley-actions [data-icon="reply"]').evaluate((icon) => getComputedStyle(icon).transform);
    expect(await turned()).toBe('none');
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    await page.mouse.move(0, 0);
    await messages(page, 'and some lines').hover();
    expect(await turned()).toBe('matrix(-1, 0, 0, 1, 0, 0)');
    await page.context().close();
  });

  describe('has room', () => {
    /** Puts the messenger, which the page has in `#root`, into a host of this markup, in place of `<slot>`. */
    const moveInto = (page: Page, markup: string) =>
      page.evaluate((html) => {
        const messenger = document.querySelector<HTMLElement>('.parley-messenger');
        const root = document.querySelector<HTMLElement>('#root');
        if (messenger === null || root === null) throw new Error('unable to move; there is no messenger');
        // Everything between the host and the messenger is as if it were not there.
        for (let element = messenger.parentElement; element !== null; element = element.parentElement) {
          element.style.display = 'contents';
          if (element === root) break;
        }
        messenger.removeAttribute('style');
        document.body.style.cssText = 'display: block; margin: 0';
        const host = document.createElement('div');
        host.innerHTML = html;
        document.body.append(host);
        host.querySelector('slot')?.replaceWith(root);
        document.querySelector('.before')?.remove();
        host.className = 'before';
      }, markup);
    const boxOf = async (page: Page) => {
      const messenger = await page.locator('.parley-messenger').boundingBox();
      const field = await page.locator('.parley-composer').boundingBox();
      if (messenger === null || field === null) throw new Error('unable to measure; there is no messenger');
      return { ...messenger, bottom: messenger.y + messenger.height, composerEnds: field.y + field.height };
    };

    test('without a height of the host, as a flex item too', async () => {
      const page = await open();
      for (const host of [
        '<slot></slot>',
        '<div style="display: flex"><slot></slot></div>',
        '<dialog open style="inline-size: 800px"><slot></slot></dialog>',
      ]) {
        await moveInto(page, host);
        const { height: tall, bottom, composerEnds } = await boxOf(page);
        expect(tall).toBe(560);
        expect(composerEnds).toBeLessThanOrEqual(bottom);
      }
      await page.context().close();
    });

    test('below a header, however low the box, with all of the composer', async () => {
      const page = await open();
      for (const tall of [600, 300]) {
        await moveInto(
          page,
          `<div style="display: flex; flex-direction: column; block-size: ${tall}px"><header style="block-size: 50px"></header><slot></slot></div>`,
        );
        expect(await boxOf(page)).toMatchObject({ bottom: tall, composerEnds: tall });
      }
      await page.context().close();
    });

    test('in a shadow root it looks the same', async () => {
      const page = await open();
      const alone = await picture(page);
      await page.evaluate((style) => {
        const host = document.body.appendChild(document.createElement('div'));
        const shadow = host.attachShadow({ mode: 'open' });
        for (const one of document.querySelectorAll('style, link[rel="stylesheet"]'))
          shadow.append(one.cloneNode(true));
        const root = document.querySelector('#root');
        if (root !== null) shadow.append(root);
        for (const one of document.querySelectorAll('style, link[rel="stylesheet"]')) one.remove();
        shadow.querySelector('.parley-messenger')?.setAttribute('style', style);
      }, fixed);
      await composer(page).focus();
      await messages(page, 'and some lines').hover();
      await expect.poll(async () => await differingPixels(page, alone, await picture(page), 'shadow')).toBe(0);
      await page.context().close();
    });
  });
});
