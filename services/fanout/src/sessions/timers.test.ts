import { fakeClock } from '@parley/testkit';
import { describe, expect, test } from 'vitest';
import { ExpiryCalendar } from './expiry-calendar.ts';
import { TimerWheel } from './timer-wheel.ts';
import { TokenBucket } from './token-bucket.ts';

describe('the timer wheel', () => {
  test('visits each member once a turn, with one timer for all', () => {
    const clock = fakeClock();
    const visited: string[] = [];
    const wheel = new TimerWheel<string>(clock, { turnMs: 1_000, slots: 10 }, (member) => visited.push(member));
    wheel.add('a');
    clock.advance(500);
    const remove = wheel.add('b');
    expect(clock.pending).toBe(1);
    clock.advance(500);
    expect(visited).toEqual(['a']);
    clock.advance(500);
    expect(visited).toEqual(['a', 'b']);
    remove();
    clock.advance(1_000);
    expect(visited).toEqual(['a', 'b', 'a']);
    wheel.close();
    expect(clock.pending).toBe(0);
  });
});

describe('the expiry calendar', () => {
  test('says whose time is up, within a second and not before', () => {
    const start = Date.UTC(2026, 0, 1);
    const clock = fakeClock(start);
    const expired: string[] = [];
    const calendar = new ExpiryCalendar<string>(clock, (member) => expired.push(member));
    const second = start / 1_000;
    calendar.set('soon', second + 5);
    calendar.set('renewed', second + 5);
    calendar.set('gone', second + 5);
    calendar.set('past', second - 100);
    calendar.set('renewed', second + 8);
    calendar.delete('gone');
    clock.advance(1_000);
    expect(expired).toEqual(['past']);
    clock.advance(3_999);
    expect(expired).toEqual(['past']);
    clock.advance(1);
    expect(expired).toEqual(['past', 'soon']);
    clock.advance(10_000);
    expect(expired).toEqual(['past', 'soon', 'renewed']);
    calendar.close();
    expect(clock.pending).toBe(0);
  });
});

describe('the token bucket', () => {
  test('allows one burst, then the rate', () => {
    const clock = fakeClock();
    const bucket = new TokenBucket(clock, 10);
    const takeAll = () => Array.from({ length: 20 }, () => bucket.take()).filter(Boolean).length;
    expect(takeAll()).toBe(10);
    clock.advance(500);
    expect(takeAll()).toBe(5);
    clock.advance(60_000);
    expect(takeAll()).toBe(10);
  });
});
