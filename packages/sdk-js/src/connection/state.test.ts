import { ParleyError } from '@parley/contracts';
import { expect, test } from 'vitest';
import { type ConnectionInput, type DriverState, idle, nextState } from './state.ts';

const lost = (part: { stable?: boolean; random?: number; leastDelayMs?: number } = {}): ConnectionInput => ({
  name: 'lost',
  random: 0.999,
  stable: false,
  leastDelayMs: 0,
  ...part,
});
const run = (...inputs: ConnectionInput[]): DriverState => inputs.reduce(nextState, idle);
const wanted: ConnectionInput = { name: 'wanted' };
const due: ConnectionInput = { name: 'due' };
const opened: ConnectionInput = { name: 'opened', sessionId: 's' };
const reason = new ParleyError('unauthenticated', 'unable to connect; the token expired');

test('goes from idle over connecting to connected', () => {
  expect(run(wanted)).toEqual({ name: 'connecting', attempt: 1 });
  expect(run(wanted, opened)).toMatchObject({ name: 'connected', sessionId: 's' });
});

test('waits longer after each failure in a row, up to 20 s', () => {
  const delays: number[] = [];
  let state = run(wanted);
  for (let failure = 1; failure <= 9; failure += 1) {
    state = nextState(state, lost());
    if (state.name === 'waiting') delays.push(state.delayMs);
    state = nextState(state, due);
  }
  expect(delays).toEqual([300, 599, 1199, 2398, 4795, 9590, 19181, 19980, 19980]);
});

test('a connection that held counts anew, one that broke at once does not', () => {
  const third = [wanted, lost(), due, lost(), due, opened];
  expect(run(...third, lost({ stable: true }))).toMatchObject({ attempt: 1, delayMs: 300 });
  expect(run(...third, lost())).toMatchObject({ attempt: 4, delayMs: 1199 });
});

test('waits at least as long as the server asks', () => {
  expect(run(wanted, lost({ random: 0, leastDelayMs: 2000 }))).toMatchObject({ delayMs: 2000 });
});

test('a refusal is final until somebody asks again by name', () => {
  const failed = run(wanted, { name: 'refused', reason });
  expect(failed).toEqual({ name: 'failed', reason });
  for (const input of [wanted, due, lost(), opened]) expect(nextState(failed, input)).toBe(failed);
  expect(nextState(failed, { name: 'retried' })).toEqual({ name: 'connecting', attempt: 1 });
});

test('asking again by name cuts a wait short', () => {
  expect(run(wanted, lost(), { name: 'retried' })).toEqual({ name: 'connecting', attempt: 2 });
});

test('stops from everywhere', () => {
  for (const inputs of [
    [],
    [wanted],
    [wanted, opened],
    [wanted, lost()],
    [wanted, { name: 'refused', reason } as const],
  ]) {
    expect(run(...inputs, { name: 'stopped' })).toEqual(idle);
  }
});

test('an input that does not fit changes nothing', () => {
  const connected = run(wanted, opened);
  for (const input of [wanted, due, opened]) expect(nextState(connected, input)).toBe(connected);
  for (const input of [due, lost(), opened, { name: 'refused', reason } as const])
    expect(nextState(idle, input)).toBe(idle);
});
