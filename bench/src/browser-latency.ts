import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { findChromium } from '@parley/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Distribution, distribution } from './distribution.ts';
import { type ParleyRun, runParley, withFolder } from './parley-run.ts';
import { startRawRelay } from './raw-relay.ts';
import { keyToVisible, noteArrivals, notePresses } from './visible-times.ts';

const warmUp = 10;
const measured = 100;

/** From the press of Enter in one browser to the frame in which the other browser shows the message, in ms: through the platform, and through a bare relay. */
export async function browserLatency(): Promise<{ readonly parley: Distribution; readonly relay: Distribution }> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('unable to measure; there is no chromium on this machine');
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  const parley = distribution(await throughParley(browser));
  const relay = distribution(await throughRelay(browser));
  await browser.close();
  return { parley, relay };
}

function throughParley(browser: Browser): Promise<number[]> {
  return withFolder(async (folder) => {
    const run = await runParley(join(folder, 'data'));
    const name = await conversation(run);
    const [ada, bob] = [await enter(browser, run, 'ada', name), await enter(browser, run, 'bob', name)];
    await notePresses(ada);
    await noteArrivals(bob, '[role=log] .parley-text');
    const composer = ada.getByRole('textbox', { name: 'Write a message' });
    const type = async (text: string) => {
      await composer.fill(text);
      await composer.press('Enter');
    };
    const times = await keyToVisible(ada, bob, type, warmUp + measured);
    await Promise.all([ada.context().close(), bob.context().close()]);
    await run.stop();
    return times.slice(warmUp);
  });
}

async function conversation({ graphqlUrl, tokens }: ParleyRun): Promise<string> {
  const name = `Bench ${randomUUID().slice(0, 8)}`;
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.ada}` },
    body: JSON.stringify({
      query: 'mutation Create($input: CreateChannelInput!) { createChannel(input: $input) { id } }',
      variables: { input: { type: 'messaging', key: `bench-${randomUUID()}`, name, memberIds: ['ada', 'bob'] } },
    }),
  });
  if (!(await response.text()).includes('"createChannel":{'))
    throw new Error('unable to measure; no conversation was made');
  return name;
}

async function enter(browser: Browser, { demoUrl }: ParleyRun, userId: string, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  const url = new URL(demoUrl);
  url.searchParams.set('user', userId);
  await page.goto(url.href);
  await page.getByRole('navigation').getByRole('button', { name }).click();
  await page.getByRole('heading', { name, level: 2 }).waitFor();
  await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
  return page;
}

/** What the machine and the browsers cost by themselves: an input, a relay, a line of text. */
async function throughRelay(browser: Browser): Promise<number[]> {
  const relay = await startRawRelay();
  const [ada, bob] = [await barePage(browser, relay.url), await barePage(browser, relay.url)];
  await notePresses(ada);
  await noteArrivals(bob, 'p');
  const type = async (text: string) => {
    await ada.locator('input').fill(text);
    await ada.locator('input').press('Enter');
  };
  const times = await keyToVisible(ada, bob, type, warmUp + measured);
  await Promise.all([ada.context().close(), bob.context().close()]);
  await relay.close();
  return times.slice(warmUp);
}

async function barePage(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.setContent('<input />');
  await page.evaluate(async (address) => {
    const socket = new WebSocket(address);
    const input = document.querySelector('input');
    input?.addEventListener('keydown', ({ key }) => key === 'Enter' && socket.send(input.value));
    socket.addEventListener('message', ({ data }) => {
      document.body.append(Object.assign(document.createElement('p'), { textContent: String(data) }));
    });
    await new Promise((resolve) => socket.addEventListener('open', resolve));
  }, url);
  return page;
}
