import type { ComponentPropsWithoutRef, KeyboardEvent, Ref } from 'react';
import { pressed } from '../lib/pressed.ts';

export interface GrowingTextareaProps extends Omit<ComponentPropsWithoutRef<'textarea'>, 'value'> {
  readonly value: string;
  readonly onEnter: () => void;
  readonly inputRef?: Ref<HTMLTextAreaElement> | undefined;
}

/** A textarea as tall as its text: a hidden copy of the text, in the same grid cell, gives the height. Enter submits, Shift+Enter breaks the line. */
export function GrowingTextarea({ value, onEnter, onKeyDown, inputRef, ...rest }: GrowingTextareaProps) {
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    onKeyDown?.(event);
    if (event.defaultPrevented || !pressed(event, 'Enter') || event.shiftKey) return;
    event.preventDefault();
    onEnter();
  };
  return (
    <div className="parley-growing" data-text={value}>
      <textarea {...rest} ref={inputRef} rows={1} value={value} onKeyDown={press} />
    </div>
  );
}
