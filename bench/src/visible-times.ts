import type { Page } from 'playwright-core';

declare global {
  interface Window {
    pressedAt: number[];
    shownAt: Record<string, number>;
  }
}

/** Notes when Enter is pressed, before the page does anything about it. */
export async function notePresses(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.pressedAt = [];
    const now = () => performance.timeOrigin + performance.now();
    document.addEventListener('keydown', ({ key }) => key === 'Enter' && window.pressedAt.push(now()), true);
  });
}

/** Notes for each text when the frame came in which it was first shown in an element of `selector`. */
export async function noteArrivals(page: Page, selector: string): Promise<void> {
  await page.evaluate((wanted) => {
    window.shownAt = {};
    const now = () => performance.timeOrigin + performance.now();
    const look = () => {
      for (const { textContent } of document.querySelectorAll(wanted)) {
        const text = textContent ?? '';
        if (window.shownAt[text] === undefined) requestAnimationFrame(() => (window.shownAt[text] ??= now()));
      }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, selector);
}

/** Somebody who writes as fast as this machine types would meet the limit of operations a second, not the latency. */
const betweenMs = 150;

/** Presses Enter on each text in one page and waits until the other shows it; gives the times in between, in ms. */
export async function keyToVisible(
  sender: Page,
  receiver: Page,
  type: (text: string) => Promise<void>,
  count: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const text = `message ${index}`;
    await type(text);
    await receiver.waitForFunction((wanted) => window.shownAt[wanted] !== undefined, text);
    const pressed = await sender.evaluate((at) => window.pressedAt[at] ?? Number.NaN, index);
    const shown = await receiver.evaluate((wanted) => window.shownAt[wanted] ?? Number.NaN, text);
    times.push(shown - pressed);
    await sender.waitForTimeout(betweenMs);
  }
  return times;
}
