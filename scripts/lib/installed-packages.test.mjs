import { expect, test } from 'vitest';
import { isInstalled } from './installed-packages.mjs';

const lock = {
  packages: {
    '': { name: 'parley' },
    'packages/sdk-js': { version: '0.1.0' },
    'node_modules/@parley/sdk-js': { resolved: 'packages/sdk-js', link: true },
    'node_modules/pg': { version: '8.23.1' },
    'node_modules/node-darwin': { version: '24.21.0', optional: true },
  },
};
const everywhere = () => true;

test('all there, but for another platform: installed', () => {
  expect(isInstalled(lock, { packages: { 'node_modules/pg': { version: '8.23.1' } } }, everywhere)).toBe(true);
});

test.for([
  ['nothing was ever installed', {}, everywhere],
  ['a package is missing', { packages: {} }, everywhere],
  ['a package is of another version', { packages: { 'node_modules/pg': { version: '8.0.0' } } }, everywhere],
  ['a new workspace is not linked yet', { packages: { 'node_modules/pg': { version: '8.23.1' } } }, () => false],
])('%s: not installed', ([, hidden, exists]) => {
  expect(isInstalled(lock, hidden, exists)).toBe(false);
});
