import { expect, test } from 'vitest';
import { textOfThrown, toError } from './to-error.ts';

const refuses = () => {
  throw new Error('refused');
};
const hostile = [
  Object.create(null),
  { toString: refuses },
  Object.defineProperty(new Error('hidden'), 'message', { get: refuses }),
  new Proxy({}, { get: refuses, getPrototypeOf: refuses }),
];

test.each(hostile.map((thrown, index) => [index, thrown]))(
  'what cannot be shown as text hurts nobody (%i)',
  (_, thrown) => {
    expect(textOfThrown(thrown)).toBe('something was thrown that cannot be shown as text');
    expect(toError(thrown).message).toBe('something was thrown that cannot be shown as text');
  },
);

test('an error stays itself, and anything else becomes one', () => {
  const error = new TypeError('wrong');
  expect(toError(error)).toBe(error);
  expect(textOfThrown(error)).toBe('TypeError: wrong');
  expect(toError('a text')).toEqual(new Error('a text'));
  expect(toError(Symbol('sign')).message).toBe('Symbol(sign)');
});
