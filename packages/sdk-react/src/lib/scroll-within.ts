/**
 * Brings an element into view by scrolling one scroller and nothing else. The browser's own `scrollIntoView` moves every ancestor too, and so
 * the page that a messenger stands in.
 */
export function scrollWithin(scroller: Element, element: Element, block: 'start' | 'center' | 'nearest'): void {
  const frame = scroller.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  const above = box.top - frame.top;
  const below = box.bottom - (frame.top + scroller.clientHeight);
  if (block === 'start') scroller.scrollTop += above;
  else if (block === 'center') scroller.scrollTop += (above + below) / 2;
  else if (above < 0) scroller.scrollTop += above;
  else if (below > 0) scroller.scrollTop += Math.min(below, above);
}
