import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildArbitraries } from '../../test/arbitraries.ts';
import { isLogged, loggedEventNames } from './channel-events.ts';

test('an event is logged when its name is one of the log, whatever it holds', () => {
  const { channelEvent } = buildArbitraries();
  const names: readonly string[] = loggedEventNames;
  fc.assert(
    fc.property(channelEvent, (event) => {
      expect(isLogged(event)).toBe(names.includes(event.__typename));
    }),
  );
});
