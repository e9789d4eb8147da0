import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { errorRegistry } from './error-registry.ts';
import { docsOf, type ErrorCode, invalidInput, isErrorCode, ParleyError } from './errors.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const codes = Object.keys(errorRegistry).filter(isErrorCode);
const repository = 'https://github.com/parley-chat/parley/blob/main/';
const pageOf = (code: ErrorCode) => readFileSync(docsOf(code).replace(repository, root), 'utf8');

describe('the registry and the pages agree', () => {
  test('every code has a page and every page a code', () => {
    const pages = readdirSync(`${root}docs/errors`).filter((file) => file !== 'README.md');
    expect(pages.toSorted()).toEqual(codes.map((code) => `${code}.md`).toSorted());
  });

  test.each(codes)('%s', (code) => {
    const page = pageOf(code);
    const { status, retryable } = errorRegistry[code];
    expect(page).toMatch(new RegExp(`^# ${code}\n`));
    expect(page).toContain(String(status));
    expect(/\*\*Do not retry/.test(page)).toBe(!retryable);
    expect(/\*\*Retry/.test(page)).toBe(retryable);
    expect(page).toContain('**When:**');
    expect(page).toContain('**What to do:**');
    const example: { code: string; message: string } = JSON.parse(/```json\n(.*?)\n```/s.exec(page)?.[1] ?? '');
    expect(example.code).toBe(code);
    expect(example.message).not.toBe('');
  });
});

test('a client retries only what may succeed later', () => {
  const retryable = codes.filter((code) => errorRegistry[code].retryable);
  expect(retryable).toEqual([
    'persisted_query_not_found',
    'rate_limited',
    'slow_consumer',
    'unavailable',
    'timeout',
    'disconnected',
    'internal',
  ]);
});

test('only the codes of the registry are codes', () => {
  for (const value of ['toString', '__proto__', 'UNAVAILABLE', '', 7, null, undefined])
    expect(isErrorCode(value)).toBe(false);
});

test('an error tells its code, status, page and details, and keeps its cause to itself', () => {
  const cause = new Error('connect ECONNREFUSED');
  const error = new ParleyError('unavailable', 'unable to send; no database', { cause, retryAfterMs: 500 });
  expect(error).toBeInstanceOf(Error);
  expect(error.cause).toBe(cause);
  expect([error.name, error.status, error.retryable, error.docs]).toEqual([
    'ParleyError',
    503,
    true,
    `${repository}docs/errors/unavailable.md`,
  ]);
  expect(error.toExtensions()).toEqual({
    code: 'unavailable',
    retryable: true,
    docs: `${repository}docs/errors/unavailable.md`,
    retryAfterMs: 500,
  });
});

test('JSON of an error has its message and its page, and nothing of its cause', () => {
  const error = new ParleyError('forbidden', 'unable to send; you are no member', {
    cause: 'secret',
    permission: 'send',
  });
  expect(JSON.parse(JSON.stringify({ error }))).toEqual({
    error: {
      name: 'ParleyError',
      message: 'unable to send; you are no member',
      code: 'forbidden',
      details: { permission: 'send' },
      docs: docsOf('forbidden'),
    },
  });
});

describe('two copies of this package in one program', () => {
  test('know the errors of each other', async () => {
    vi.resetModules();
    const other = await import('./errors.ts');
    expect(other.ParleyError).not.toBe(ParleyError);
    expect(other.invalidInput('id', 'it is missing') instanceof ParleyError).toBe(true);
    expect(invalidInput('id', 'it is missing') instanceof other.ParleyError).toBe(true);
  });

  test('take nothing else for one', () => {
    class Special extends ParleyError {}
    expect(new Special('internal', 'unable to go on') instanceof ParleyError).toBe(true);
    expect(new ParleyError('internal', 'unable to go on') instanceof Special).toBe(false);
    expect(new Special('internal', 'unable to go on') instanceof Special).toBe(true);
    const likenesses = [
      new Error('ParleyError'),
      { name: 'ParleyError', code: 'internal' },
      'ParleyError',
      null,
      undefined,
      7,
    ];
    for (const value of likenesses) expect(value instanceof ParleyError).toBe(false);
  });
});

test('bad input is refused with field, rule and limit in one sentence', () => {
  const error = invalidInput('input.text', 'at most 5 characters; shorten it', 5);
  expect(error.message).toBe('unable to accept input.text; at most 5 characters; shorten it');
  expect(error.details).toEqual({ field: 'input.text', limit: 5 });
  expect(invalidInput('key', 'it must be there').details).toEqual({ field: 'key' });
});
