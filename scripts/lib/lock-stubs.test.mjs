import { expect, test } from 'vitest';
import { missingBuilds, stub } from './lock-stubs.mjs';

test('a build that the lock names but does not hold is missing; one beside it is not', () => {
  const packages = {
    'node_modules/turbo': { optionalDependencies: { '@turbo/linux-64': '2.11.11', '@turbo/darwin-64': '2.11.11' } },
    'node_modules/@turbo/linux-64': { version: '2.11.11' },
  };
  expect(missingBuilds({ packages })).toEqual([
    { name: '@turbo/darwin-64', version: '2.11.11', place: 'node_modules/@turbo/darwin-64' },
  ]);
});

test('a build of another version higher up belongs beneath the package that asks for it', () => {
  const packages = {
    'node_modules/rolldown': { optionalDependencies: { '@rolldown/darwin-x64': '1.3.2' } },
    'node_modules/@rolldown/darwin-x64': { version: '1.2.19' },
  };
  expect(missingBuilds({ packages }).map(({ place }) => place)).toEqual([
    'node_modules/rolldown/node_modules/@rolldown/darwin-x64',
  ]);
});

test("a package's own folder is looked into before those above it", () => {
  const packages = {
    'node_modules/vite/node_modules/rolldown': { optionalDependencies: { '@rolldown/darwin-x64': '1.2.19' } },
    'node_modules/vite/node_modules/@rolldown/darwin-x64': { version: '1.2.19' },
    'node_modules/@rolldown/darwin-x64': { version: '1.3.2' },
  };
  expect(missingBuilds({ packages })).toEqual([]);
});

test.for([
  ['@turbo/darwin-64', { os: ['darwin'], cpu: ['x64'] }],
  ['@turbo/windows-arm64', { os: ['win32'], cpu: ['arm64'] }],
  ['@rollup/rollup-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
  ['@oxlint/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
  ['@oxlint/binding-android-arm-eabi', { os: ['android'], cpu: ['arm'] }],
  ['@rollup/rollup-win32-x64-gnu', { os: ['win32'], cpu: ['x64'] }],
])('the platform of %s is read off its name', ([name, platform]) => {
  expect(stub(name, '1.2.3')).toEqual({ version: '1.2.3', optional: true, ...platform });
});

test('a range instead of a version is refused, as nobody knows what it would become', () => {
  expect(() => stub('@turbo/darwin-64', '^2.0.0')).toThrow('no exact version');
});
