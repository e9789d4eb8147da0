import { expect, test } from 'vitest';
import { parseDoctorOptions } from './doctor-options.ts';

test('without arguments: what parley dev listens on', () => {
  const { url, token, operatorToken, json } = parseDoctorOptions([]);
  expect({ url: url.href, token, operatorToken, json }).toEqual({
    url: 'http://127.0.0.1:4000/',
    token: undefined,
    operatorToken: undefined,
    json: false,
  });
});

test.each([
  ['http://localhost:4100/graphql', 'http://localhost:4100/'],
  ['ws://localhost:4100/graphql', 'http://localhost:4100/'],
  ['wss://chat.example', 'https://chat.example/'],
])('%s is understood', (address, href) => {
  expect(parseDoctorOptions([address, '--token', 't', '--operator-token', 'o', '--json'])).toEqual({
    url: new URL(href),
    token: 't',
    operatorToken: 'o',
    json: true,
  });
});

test.each([
  [['localhost:4000'], 'localhost:4000; it is no address'],
  [['nonsense'], 'nonsense; it is no address'],
  [['ftp://chat.example'], 'it is no address'],
  [['http://a', 'http://b'], 'http://b is too much'],
  [['--token', ''], '--token is empty'],
  [['--operator-token', ''], '--operator-token is empty'],
  [['--tokn', 't'], "unknown option '--tokn'"],
])('%j gets one sentence with a cure', (args, reason) => {
  const parse = () => parseDoctorOptions(args);
  expect(parse).toThrow(reason);
  expect(parse).toThrow(/^unable to examine[^\n]+: [^\n]+$/);
});
