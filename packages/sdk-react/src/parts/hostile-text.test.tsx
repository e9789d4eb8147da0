import { buildAttachment } from '@parley/testkit/builders';
import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { channelData, member, message, user, view } from '../../test/builders.ts';
import { createFakeChannel } from '../../test/fake-channel.ts';
import { createFakeClient, summaryOf } from '../../test/fake-client.ts';
import { ada, bob, showChannel } from '../../test/show.tsx';
import { Messenger } from '../prefabs/messenger.tsx';
import { MessageList } from './message-list.tsx';

afterEach(cleanup);

/** From right to left, with an override that is never closed, and more than a line. */
const hostile = (word: string) => `\u202E${word} שלום\nעולם`;
const mallory = user('mallory', { name: hostile('name'), image: 'https://evil.example/a.png' });
const trent = user('trent', { name: hostile('other') });

function showEverything() {
  const attachments = ['image', 'file'].map((type) =>
    buildAttachment({ id: type, type, url: 'https://evil.example/x.png', title: hostile('title') }),
  );
  const reactionGroups = [{ type: '\u202Eשa', count: 1, sumScores: 1, firstAt: '', lastAt: '' }];
  const quoted = message('quoted', mallory, hostile('quoted'));
  const messages = [
    view(message('one', mallory, hostile('text'), { seq: 1, quoted, attachments, reactionGroups })),
    view(message('two', trent, `${hostile('text')} https://parley.dev/\u202Ex`, { seq: 2 })),
    view(message('three', null, hostile('system'), { seq: 3, kind: 'SYSTEM' })),
  ];
  const data = channelData('messaging:general', { memberCount: 3, custom: {} });
  const members = [member(ada), member(mallory), member(trent)];
  const channel = createFakeChannel({ data, members, me: ada, messages, reads: new Map([['mallory', 3]]) });
  const lastMessage = messages[1] ?? null;
  const named = channelData('messaging:named', { memberCount: 3, name: hostile('channel') });
  const client = createFakeClient({
    me: ada,
    channels: [channel],
    summaries: [
      summaryOf(channel, data, { members, lastMessage }),
      { ...summaryOf(channel, named, { lastMessage }), id: named.id },
    ],
    users: [mallory, trent],
  });
  render(<Messenger client={client} channelId="messaging:general" />);
  return { channel, hands: userEvent.setup() };
}

const rightToLeft = /[\u0590-\u05FF]/;
const overrides = /[\u202A-\u202E]/;

/** Where something from right to left could reorder what stands beside it. */
function leaks(): string[] {
  const found: string[] = [];
  const holds = (text: string) =>
    !overrides.test(text) && !rightToLeft.test(text.replace(/\u2068[^\u2069]*\u2069/g, ''));
  for (const element of document.body.querySelectorAll('*')) {
    for (const name of ['aria-label', 'title', 'alt', 'placeholder']) {
      const value = element.getAttribute(name) ?? '';
      // One that is nothing but the name has nothing beside it.
      const alone = value === 'name שלום עולם' || value === 'other שלום עולם' || value === 'title שלום עולם';
      if (!alone && (!holds(value) || value.includes('\n'))) found.push(`${name}: ${value}`);
    }
    for (const child of element.childNodes) {
      const text = child.nodeType === Node.TEXT_NODE ? (child.textContent ?? '') : '';
      if (holds(text) || element.closest('bdi, [dir]') !== null || element.matches('[aria-hidden="true"]')) continue;
      found.push(`${element.className}: ${text}`);
    }
  }
  return found;
}

test('what is written from right to left, or never closes an override, stays in its own place everywhere', async () => {
  const { channel, hands } = showEverything();
  await screen.findByRole('region', { name: 'Messages in this conversation' });
  act(() => channel.typing.set([mallory]));
  expect(document.body.textContent).toContain('text שלום');
  expect(leaks()).toEqual([]);

  act(() =>
    screen
      .getAllByRole('listitem')
      .find((row) => row.dataset['messageId'] === 'two')
      ?.focus(),
  );
  await hands.click(screen.getByRole('button', { name: 'Reply' }));
  expect(screen.getByText(/Replying to/).textContent).toBe('Replying to \u2068other שלום עולם\u2069');
  expect(leaks()).toEqual([]);

  await hands.click(screen.getByRole('button', { name: 'New conversation' }));
  await screen.findByRole('button', { name: /^name/ });
  expect(leaks()).toEqual([]);
});

test('a file is shown with the host that it leads to, whatever its title says', () => {
  const attachment = {
    id: 'file',
    type: 'file',
    url: 'https://evil.example/login',
    title: 'https://bank.example/login',
    mimeType: null,
    size: null,
    width: null,
    height: null,
    durationMs: null,
    thumbnailUrl: null,
    custom: {},
  };
  showChannel(<MessageList />, { messages: [view(message('one', bob, '', { attachments: [attachment] }))] });
  const link = screen.getByRole<HTMLAnchorElement>('link');
  expect(link.textContent).toBe('https://bank.example/loginevil.example');
  expect(link.rel).toBe('noopener noreferrer nofollow ugc');
});

test('a link in a message is set apart from left to right, and shown as where it leads', () => {
  showChannel(<MessageList />, { messages: [view(message('one', bob, '\u202Esee https://pаypal.example/ now'))] });
  const link = screen.getByRole<HTMLAnchorElement>('link', { name: 'https://xn--pypal-4ve.example/' });
  expect(link.dir).toBe('ltr');
  expect(link.rel).toBe('noopener noreferrer nofollow ugc');
});

test('pictures do not tell their hosts which page they are on', () => {
  showEverything();
  const pictures = [...document.querySelectorAll('img')];
  expect(pictures.length).toBeGreaterThan(1);
  expect(pictures.map((picture) => picture.getAttribute('referrerpolicy'))).toEqual(pictures.map(() => 'no-referrer'));
});

test('a reaction with nothing to see is still a pill to see', () => {
  const reactionGroups = [{ type: '\u200B', count: 1, sumScores: 1, firstAt: '', lastAt: '' }];
  showChannel(<MessageList />, { messages: [view(message('one', bob, 'Hello', { reactionGroups }))] });
  expect(screen.getByRole('button', { name: /, 1$/ }).textContent).toBe('\uFFFD1');
});
