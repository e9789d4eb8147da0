import { expect, test } from 'vitest';
import { acceptedType } from './accepted-type.ts';

const json = 'application/json';
const response = 'application/graphql-response+json';

test.each([
  [undefined, json],
  ['*/*', json],
  ['application/*', json],
  ['Application/JSON', json],
  ['application/json ; charset=utf-8', json],
  ['text/html, */*', json],
  [response, response],
  [`${response}; charset=utf-8, ${json}; charset=utf-8`, response],
  [`${response},${json};q=0.9`, response],
  [`${json};q=0.5, ${response};q=0.9`, response],
  [`${response};q=0.1, ${json}`, json],
  [`${response};q=0, */*`, json],
  [`${response}, application/graphql+json, ${json}, text/event-stream, multipart/mixed`, response],
  [`multipart/mixed;deferSpec=20220824,${json}`, json],
  ['multipart/mixed, text/event-stream', 'text/event-stream'],
  ['text/event-stream', 'text/event-stream'],
  ['image/png', null],
  ['application/json;q=0', null],
])('of %s, what the client likes best', (accept, type) => {
  expect(acceptedType({ headers: accept === undefined ? {} : { accept } })).toBe(type);
});
