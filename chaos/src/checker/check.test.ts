import { expect, test } from 'vitest';
import { createHistory, type History, type Observation, type Send } from '../history.ts';
import { check } from './check.ts';
import type { Breach, ChannelRows, ClientView, FinalState } from './state.ts';

const place = { appId: 'app-a', channelId: 'messaging:c0' };

/** A run in which one writer sent three messages, edited the first, liked the second, and one subscriber of each kind saw it all. */
function goodRun(): { history: History; state: Mutable<FinalState> } {
  const history = createHistory();
  const times = { invokedAt: 1, endedAt: 2 };
  const send = (seq: number | null, outcome: Send['outcome'], code: string | null = null): Send => ({
    kind: 'send',
    ...place,
    ...times,
    userId: 'w0',
    outcome,
    code,
    messageId: `m${seq ?? outcome}`,
    text: `app-a w0 ${seq ?? outcome}`,
    attempts: 1,
    seq,
  });
  const change = { ...place, ...times, userId: 'w0', outcome: 'ok' as const, code: null };
  history.sends.push(send(2, 'ok'), send(3, 'ok'), send(4, 'ok'), send(null, 'fail', 'forbidden'));
  history.changes.push({ kind: 'edit', ...change, messageId: 'm2', value: 'app-a w0 edited' });
  history.changes.push({ kind: 'react', ...change, messageId: 'm3', value: 'like' });
  history.reads.push({ kind: 'read', ...change, userId: 's0', seq: 3 });
  const event = (seq: number, typename: string, messageId: string, text: string): Observation => ({
    kind: 'event',
    at: seq,
    typename,
    seq,
    messageId,
    text,
  });
  for (const via of ['sdk', 'bare'] as const)
    history.tracks.push({
      ...place,
      userId: 's0',
      via,
      startSeq: 1,
      observations: [
        event(2, 'MessageCreated', 'm2', 'app-a w0 2'),
        event(3, 'MessageCreated', 'm3', 'app-a w0 3'),
        event(4, 'MessageCreated', 'm4', 'app-a w0 4'),
        event(5, 'MessageUpdated', 'm2', 'app-a w0 edited'),
        event(6, 'ReactionAdded', 'm3', 'app-a w0 3'),
      ],
    });
  const held = [
    { id: 'm2', seq: 2, text: 'app-a w0 edited', deleted: false, reactions: [] },
    { id: 'm3', seq: 3, text: 'app-a w0 3', deleted: false, reactions: ['like×1'] },
    { id: 'm4', seq: 4, text: 'app-a w0 4', deleted: false, reactions: [] },
  ];
  const types = [
    'MembersAdded',
    'MessageCreated',
    'MessageCreated',
    'MessageCreated',
    'MessageUpdated',
    'ReactionAdded',
  ];
  const ids = [null, 'm2', 'm3', 'm4', 'm2', 'm3'];
  const rows: ChannelRows = {
    ...place,
    head: 6,
    events: types.map((type, index) => ({ seq: index + 1, type, messageId: ids[index] ?? null })),
    messages: held.map((message) => ({ ...message, userId: 'w0' })),
    members: new Map([
      ['w0', { readSeq: 0, unread: 0 }],
      ['s0', { readSeq: 3, unread: 1 }],
    ]),
  };
  const client: ClientView = {
    ...place,
    userId: 's0',
    status: 'live',
    messages: held,
    hasOlder: false,
    reads: new Map([['s0', 3]]),
    readSeq: 3,
    unread: 1,
  };
  const state: FinalState = {
    rows: [rows],
    answers: [{ ...place, userId: 's0', messages: held, readSeq: 3, unread: 1 }],
    clients: [client],
    inboxes: [{ appId: 'app-a', userId: 's0', totalUnread: 1, unreadChannels: 1 }],
  };
  // Each part is a copy of its own, so that spoiling one leaves the others as they are.
  const { rows: tables, answers, clients, inboxes } = state;
  return {
    history,
    state: {
      rows: copyOf(tables),
      answers: copyOf(answers),
      clients: copyOf(clients),
      inboxes: copyOf(inboxes),
    },
  };
}

type Mutable<T> =
  T extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Mutable<Value>>
    : T extends readonly (infer Item)[]
      ? Mutable<Item>[]
      : T extends object
        ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
        : T;

/** A copy that may be changed: what the types forbid is not fixed at run time. */
const copyOf = <T>(value: T): Mutable<T> => structuredClone(value) as Mutable<T>;

type Run = ReturnType<typeof goodRun>;

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('unable to break the run; the part is not there');
  return value;
};
const observationsOf = ({ history }: Run): Observation[] => must(history.tracks[1]).observations;
const rowsOf = ({ state }: Run) => must(state.rows[0]);

test('a good run has nothing wrong with it', () => {
  const { history, state } = goodRun();
  expect(check(history, state)).toEqual([]);
});

const bad: readonly [what: string, breach: Breach, spoil: (run: Run) => unknown][] = [
  ['an acknowledged send without a row', 'lost', (run) => rowsOf(run).messages.pop()],
  ['an acknowledged send without an event', 'lost', (run) => (must(rowsOf(run).events[3]).type = 'MessageUpdated')],
  ['an acknowledgement of another place', 'lost', ({ history }) => (must(history.sends[0]).seq = 3)],
  ['an acknowledged send that the API does not answer', 'lost', ({ state }) => must(state.answers[0]).messages.shift()],
  ['an acknowledged edit that is gone', 'lost', (run) => (must(rowsOf(run).messages[0]).text = 'app-a w0 2')],
  ['an acknowledged reaction that is gone', 'lost', (run) => (must(rowsOf(run).messages[1]).reactions = [])],
  ['a read pointer behind what was acknowledged', 'lost', (run) => (must(rowsOf(run).members.get('s0')).readSeq = 2)],
  [
    'half of a send of unknown outcome',
    'lost',
    ({ history, state }) => {
      must(history.sends[2]).outcome = 'unknown';
      must(state.rows[0]).messages.pop();
    },
  ],
  [
    'one send as two events',
    'duplicated',
    (run) => {
      rowsOf(run).events.push({ seq: 7, type: 'MessageCreated', messageId: 'm4' });
      rowsOf(run).head = 7;
    },
  ],
  ['one text in two rows', 'duplicated', (run) => (must(rowsOf(run).messages[2]).text = 'app-a w0 3')],
  [
    'an event that a client took in twice',
    'duplicated',
    (run) => observationsOf(run).splice(1, 0, must(observationsOf(run)[0])),
  ],
  [
    'events that a client took in the wrong way round',
    'reordered',
    (run) => {
      const [first, second] = observationsOf(run);
      observationsOf(run).splice(0, 2, must(second), must(first));
    },
  ],
  ['a hole in what a client took in', 'lost', (run) => observationsOf(run).splice(1, 1)],
  ['a client that stopped before the end', 'lost', (run) => observationsOf(run).pop()],
  ['a hole in the log', 'reordered', (run) => rowsOf(run).events.splice(4, 1)],
  [
    'the row of a send that was refused',
    'phantom',
    ({ history }) => {
      must(history.sends[2]).outcome = 'fail';
    },
  ],
  [
    'the event of a send that was refused',
    'phantom',
    (run) => {
      const event = {
        kind: 'event',
        at: 9,
        typename: 'MessageCreated',
        seq: 7,
        messageId: 'mfail',
        text: 'app-a w0 fail',
      } as const;
      observationsOf(run).push(event);
    },
  ],
  ['a row that nobody sent', 'phantom', ({ history }) => history.sends.splice(2, 1)],
  [
    'a message of another app',
    'crossed',
    ({ history }) => {
      const foreign = must(history.sends[2]);
      history.sends[2] = { ...foreign, appId: 'app-b' };
    },
  ],
  [
    'a client that shows other words',
    'diverged',
    ({ state }) => (must(must(state.clients[0]).messages[1]).text = 'else'),
  ],
  [
    'a client that shows a reaction too many',
    'diverged',
    ({ state }) => must(must(state.clients[0]).messages[0]).reactions.push('like×1'),
  ],
  ['a client that lacks a message', 'diverged', ({ state }) => must(state.clients[0]).messages.pop()],
  ['a client that is not live', 'diverged', ({ state }) => (must(state.clients[0]).status = 'failed')],
  [
    "a client that shows another's old read pointer",
    'diverged',
    ({ state }) => must(state.clients[0]).reads.set('s0', 2),
  ],
  [
    'an API that answers other words',
    'diverged',
    ({ state }) => (must(must(state.answers[0]).messages[0]).text = 'else'),
  ],
  ['a client that counts unread wrongly', 'unread', ({ state }) => (must(state.clients[0]).unread = 2)],
  ['an API that counts unread wrongly', 'unread', ({ state }) => (must(state.answers[0]).unread = 0)],
  ['an inbox that counts wrongly', 'unread', ({ state }) => (must(state.inboxes[0]).totalUnread = 7)],
  [
    'what should not have been answered',
    'promise',
    ({ history }) => history.complaints.push('other words were accepted'),
  ],
];

test.for(bad)('finds %s', ([, breach, spoil]) => {
  const run = goodRun();
  spoil(run);
  expect(check(run.history, run.state).map((violation) => violation.breach)).toContain(breach);
});

test('a snapshot stands for what it covers, and for nothing after it', () => {
  const run = goodRun();
  observationsOf(run).splice(0, 2, { kind: 'reset', at: 3, seq: 3 });
  expect(check(run.history, run.state)).toEqual([]);
  observationsOf(run).splice(1, 1);
  expect(check(run.history, run.state)).toContainEqual(expect.objectContaining({ breach: 'lost' }));
});

test('a change of unknown outcome may have happened or not', () => {
  const run = goodRun();
  must(run.history.changes[0]).outcome = 'unknown';
  const unchanged = must(rowsOf(run).messages[0]);
  unchanged.text = 'app-a w0 2';
  const violations = check(run.history, run.state).filter(({ breach }) => breach === 'lost');
  expect(violations).toEqual([]);
});
