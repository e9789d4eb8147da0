import { type FocusEvent, type PointerEvent, type RefObject, useMemo, useState } from 'react';

export interface Attention<Element extends HTMLElement> {
  /** Whether somebody points at the element, has the focus in it, or has opened something that belongs to it. */
  readonly attended: boolean;
  readonly setHeld: (held: boolean) => void;
  /** To be spread on the element. */
  readonly listeners: {
    readonly onPointerEnter: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onFocus: () => void;
    readonly onBlur: (event: FocusEvent<Element>) => void;
  };
}

/** Whether an element has somebody's attention, by mouse, keyboard or finger: there is no hovering on a phone, so a tap gives the focus. */
export function useAttention<Element extends HTMLElement>(element: RefObject<Element | null>): Attention<Element> {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [held, setHeld] = useState(false);

  const listeners = useMemo(
    (): Attention<Element>['listeners'] => ({
      onPointerEnter: ({ pointerType }) => setPointed(pointerType !== 'touch'),
      onPointerLeave: () => setPointed(false),
      onPointerUp({ pointerType, target }) {
        if (pointerType !== 'touch' || (target instanceof globalThis.Element && target.closest('a, button, form')))
          return;
        element.current?.focus({ preventScroll: true });
      },
      onFocus: () => setFocused(true),
      onBlur({ relatedTarget, currentTarget }) {
        if (relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) return;
        setFocused(false);
        setHeld(false);
      },
    }),
    [element],
  );
  return { attended: pointed || focused || held, setHeld, listeners };
}
