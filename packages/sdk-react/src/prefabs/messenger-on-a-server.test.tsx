import { renderToString } from 'react-dom/server';
import { afterEach, expect, test, vi } from 'vitest';
import { Messenger } from './messenger.tsx';

afterEach(() => vi.restoreAllMocks());

test('a server renders the messenger without a look at its clock, at chance or at storage', () => {
  const refuse = (what: string) => () => {
    throw new Error(`${what} was used while rendering`);
  };
  // Called without arguments alone: a date that is given is no look at the clock.
  const RealDate = Date;
  vi.stubGlobal(
    'Date',
    new Proxy(RealDate, {
      construct(target, args) {
        if (args.length === 0) refuse('new Date()')();
        return Reflect.construct(target, args);
      },
    }),
  );
  vi.spyOn(RealDate, 'now').mockImplementation(refuse('Date.now()'));
  vi.spyOn(Math, 'random').mockImplementation(refuse('Math.random()'));
  vi.spyOn(crypto, 'getRandomValues').mockImplementation(refuse('getRandomValues()'));
  vi.spyOn(crypto, 'randomUUID').mockImplementation(refuse('randomUUID()'));
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse('getItem()'));
  try {
    const token = `e30.${btoa('{"sub":"ada"}')}.none`;
    const url = 'http://127.0.0.1:1/graphql';
    expect(renderToString(<Messenger url={url} token={token} />)).toContain('parley');
    expect(renderToString(<Messenger url={url} userId="ada" getToken={() => token} />)).toContain('parley');
  } finally {
    vi.unstubAllGlobals();
  }
});
