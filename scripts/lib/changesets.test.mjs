import { expect, test } from 'vitest';
import { faultsOf } from './changesets.mjs';

const known = ['@parley/sdk-js', '@parley/contracts'];

test('a changeset that names a published package and says what changes has no fault', () => {
  expect(faultsOf('---\n"@parley/sdk-js": minor\n---\n\nChannels can be muted.\n', known)).toEqual([]);
});

test('a changeset without packages is fine: a change that no reader meets', () => {
  expect(faultsOf('---\n---\n\nThe build is faster.\n', known)).toEqual([]);
});

test.for([
  ['an unknown package', '---\n"@parley/nope": minor\n---\n\nText.\n', '@parley/nope is not a published package'],
  ['an unknown bump', '---\n"@parley/sdk-js": huge\n---\n\nText.\n', 'huge is none of'],
  ['no text', '---\n"@parley/sdk-js": minor\n---\n\n', 'does not say what changes'],
  ['no head', 'Channels can be muted.\n', 'does not begin with'],
  ['a line that is not a package', '---\nsdk-js minor\n---\n\nText.\n', 'is not of the form'],
])('%s is a fault', ([, text, fault]) => {
  expect(faultsOf(text, known)).toEqual([expect.stringContaining(fault)]);
});
