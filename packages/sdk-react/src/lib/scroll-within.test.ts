import { expect, test } from 'vitest';
import { scrollWithin } from './scroll-within.ts';

function boxed(top: number, height: number): HTMLElement {
  const element = document.createElement('div');
  element.getBoundingClientRect = () => new DOMRect(0, top, 100, height);
  Object.defineProperty(element, 'clientHeight', { value: height });
  return element;
}

function scrolled(row: HTMLElement, block: 'start' | 'center' | 'nearest'): number {
  const scroller = boxed(100, 400);
  scrollWithin(scroller, row, block);
  return scroller.scrollTop;
}

test('a row is brought to the top or the middle of its scroller', () => {
  expect(scrolled(boxed(300, 50), 'start')).toBe(200);
  expect(scrolled(boxed(700, 100), 'center')).toBe(450);
});

test('a row that is in view stays where it is; another one moves no further than it must', () => {
  expect(scrolled(boxed(300, 50), 'nearest')).toBe(0);
  expect(scrolled(boxed(40, 50), 'nearest')).toBe(-60);
  expect(scrolled(boxed(480, 50), 'nearest')).toBe(30);
});

test('of a row higher than the scroller, the beginning is shown', () => {
  expect(scrolled(boxed(600, 900), 'nearest')).toBe(500);
});

test('nothing but the scroller moves', () => {
  const row = boxed(700, 50);
  row.scrollIntoView = () => expect.unreachable();
  scrolled(row, 'center');
});
