import { reservedChannel } from '@parley/contracts/bus';
import { expect, test } from 'vitest';
import { newAppId } from './credentials.ts';

test('no tenant can have the app in which the fan-out nodes probe each other', () => {
  const made = /^app_[a-z0-9]{19}$/;
  expect(newAppId()).toMatch(made);
  expect(reservedChannel.appId).not.toMatch(made);
});
