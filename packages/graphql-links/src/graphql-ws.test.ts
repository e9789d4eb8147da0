import type { Client, SubscribePayload } from 'graphql-ws';
import { expect, test } from 'vitest';
import { resumable } from './graphql-ws.ts';

/** A client whose connection keeps what is sent over it. */
function recorded() {
  const sent: SubscribePayload[] = [];
  const client: Client = {
    on: () => () => undefined,
    subscribe: (payload) => {
      sent.push(payload);
      return () => undefined;
    },
    iterate: () => {
      throw new Error('not used here');
    },
    dispose: () => undefined,
    terminate: () => undefined,
  };
  return { sent, live: resumable(client) };
}
const sink = { next: () => undefined, error: () => undefined, complete: () => undefined };

test('of a document with several subscriptions the one that was asked for resumes', () => {
  const { sent, live } = recorded();
  const query =
    'subscription A { presence(userIds: ["ada"]) { online } } subscription B { inbox(after: "c") { at } } query Q { me { id } }';
  for (const operationName of ['A', 'B', 'Q']) live.subscribe({ query, operationName }, sink);
  expect(sent.map(({ variables }) => variables)).toEqual([undefined, { parley_after: 'c' }, undefined]);
  expect(sent.map((payload) => payload.query === query)).toEqual([true, false, true]);
});
