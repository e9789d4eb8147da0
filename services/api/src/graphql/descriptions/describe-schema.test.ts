import { expect, test } from 'vitest';
import { createSchema } from '../schema.ts';
import { descriptions, elementsOf } from './describe-schema.ts';

const elements = elementsOf(createSchema());

test('every element of the schema says what it is', () => {
  expect(elements.filter(({ description }) => !description?.trim()).map(({ key }) => key)).toEqual([]);
});

test('every description is a sentence', () => {
  const odd = elements.filter(({ description }) => !/^["A-Z0-9`][\s\S]*[.!`)]$/.test(description ?? ''));
  expect(odd.map(({ key, description }) => `${key}: ${description}`)).toEqual([]);
});

test('no description is left of what is gone, or described where it is defined', () => {
  const shown = new Map(elements.map(({ key, description }) => [key, description]));
  expect([...descriptions].filter(([key, sentence]) => shown.get(key) !== sentence).map(([key]) => key)).toEqual([]);
});
