import type { KeyboardEvent } from 'react';

/**
 * Whether a key was pressed for what it does. While a character of Chinese, Japanese or Korean is composed, Enter accepts it and Escape gives it up, and
 * nothing else; Safari says so only by the old key code.
 */
export const pressed = ({ key, keyCode, nativeEvent }: KeyboardEvent, wanted: string): boolean =>
  key === wanted && !nativeEvent.isComposing && keyCode !== 229;
