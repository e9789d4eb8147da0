import { fileURLToPath } from 'node:url';
import { findChromium } from '@parley/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';

const scripts = new URL('../scripts/lib/demo-page.mjs', import.meta.url);

/** Builds the demo page as `npm start` does: when its sources have changed. */
export async function buildDemoPage(): Promise<void> {
  // Plain JavaScript, for it also runs before anything is installed.
  const { ensureDemoPage }: { ensureDemoPage(node: string): void } = await import(fileURLToPath(scripts));
  ensureDemoPage(process.execPath);
}

/** Chromium without a window, and without the traffic of its own. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('unable to open a browser; there is no chromium on this machine');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** One person in a browser of their own: nothing is shared with the others. */
export interface Visitor {
  readonly page: Page;
  /** What the console complained about: scripts that were blocked, faults that nobody caught. */
  readonly complaints: readonly string[];
  /** Takes back the complaints that a test has caused on purpose. */
  forgive(expected: RegExp): void;
  leave(): Promise<void>;
}

/** Opens the demo as somebody. */
export async function visit(browser: Browser, demoUrl: string, userId: string): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1_100, height: 760 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const url = new URL(demoUrl);
  url.searchParams.set('user', userId);
  await page.goto(url.href);
  const forgive = (expected: RegExp) => {
    const others = complaints.filter((complaint) => !expected.test(complaint));
    complaints.splice(0, complaints.length, ...others);
  };
  return { page, complaints, forgive, leave: () => context.close() };
}

/** Opens a conversation from the list and waits for its composer. */
export async function openConversation(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name }).click();
  await page.getByRole('heading', { name, level: 2 }).waitFor();
  await composer(page).waitFor();
}

export const composer = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });

/** Writes into the composer and sends by Enter. */
export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The scroller of the conversation that is open. */
export const timeline = (page: Page) => page.getByRole('region', { name: 'Messages in this conversation' });

/** The messages with this text, in the conversation that is open. */
export const messages = (page: Page, text: string) => timeline(page).getByRole('listitem').filter({ hasText: text });
