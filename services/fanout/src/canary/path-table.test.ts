import { expect, test } from 'vitest';
import { PathTable } from './path-table.ts';

const heartbeat = (nodeId: string, more: { startedAt?: string; hearsItself?: boolean; leaving?: boolean } = {}) => ({
  nodeId,
  startedAt: 'first',
  hearsItself: true,
  leaving: false,
  ...more,
});

function table(beats: number, each: (table: PathTable, beat: number) => void = () => undefined): PathTable {
  const made = new PathTable('me');
  for (let count = 0; count < beats; count += 1) each(made, made.beat());
  return made;
}

const broken = (paths: PathTable) => paths.paths().flatMap((path) => (path.broken ? [path.nodeId] : []));

test('a living node may be unheard for five seconds, and not for six', () => {
  const unheard = (beats: number) =>
    table(beats, (paths, beat) => {
      paths.heardSelf(beat);
      paths.heartbeat(heartbeat('ada'));
    });
  expect(broken(unheard(6))).toEqual([]);
  expect(broken(unheard(7))).toEqual(['ada']);
});

test('who falls silent altogether is forgotten before it could alarm', () => {
  const paths = table(20, (made, beat) => {
    made.heardSelf(beat);
    if (beat < 10) made.heartbeat(heartbeat('ada'));
    if (beat < 10) made.heard('ada');
    expect(broken(made)).toEqual([]);
  });
  expect(paths.paths().map(({ nodeId }) => nodeId)).toEqual(['me']);
});

test('a probe that comes back late counts from when it was sent', () => {
  const paths = table(9, (made, beat) => made.heardSelf(beat - 4));
  expect(paths.paths()).toEqual([{ nodeId: 'me', silentSeconds: 4, broken: false }]);
  expect(paths.hearsItself).toBe(false);
  paths.heardSelf(1_000);
  expect(paths.paths()[0]?.silentSeconds).toBe(4);
});

test('a node that does not hear itself is its own to report', () => {
  const paths = table(12, (made, beat) => {
    made.heardSelf(beat);
    made.heartbeat(heartbeat('ada', { hearsItself: false }));
  });
  expect(broken(paths)).toEqual([]);
  paths.heartbeat(heartbeat('ada'));
  expect(broken(paths)).toEqual(['ada']);
});

test('a node that starts again under its old name begins anew, and an old goodbye does not concern it', () => {
  const paths = table(12, (made, beat) => {
    made.heardSelf(beat);
    made.heartbeat(heartbeat('ada'));
  });
  expect(broken(paths)).toEqual(['ada']);
  paths.heartbeat(heartbeat('ada', { startedAt: 'second' }));
  expect(broken(paths)).toEqual([]);
  paths.heartbeat(heartbeat('ada', { leaving: true }));
  expect(paths.paths()).toHaveLength(2);
  paths.heartbeat(heartbeat('ada', { startedAt: 'second', leaving: true }));
  expect(paths.paths()).toHaveLength(1);
});

test('what nobody could hear is nobody to blame for', () => {
  const paths = table(30, (made) => made.forgive());
  expect(broken(paths)).toEqual([]);
});

test('only so many nodes are remembered', () => {
  const paths = new PathTable('me');
  for (let index = 0; index < 2_000; index += 1) paths.heartbeat(heartbeat(`node-${index}`));
  expect(paths.paths()).toHaveLength(1_001);
});
