import { describe, expect, test } from 'vitest';
import { addressGroup, clientAddress } from './client-address.ts';

const from = (forwarded: string | undefined, trusted: number, remoteAddress: string | undefined = '10.0.0.9') =>
  clientAddress(
    { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } },
    trusted,
  );

describe('the address of a client', () => {
  test('is who holds the connection, whatever the header says, unless a proxy is trusted', () => {
    expect(from('1.2.3.4', 0)).toBe('10.0.0.9');
  });

  test('is what the nearest trusted proxy saw, whatever the client put before it', () => {
    expect(from('6.6.6.6, 1.2.3.4', 1)).toBe('1.2.3.4');
    expect(from('6.6.6.6, 1.2.3.4, 10.0.0.8', 2)).toBe('1.2.3.4');
  });

  test('is the first of the header when fewer proxies were passed than are trusted', () => {
    expect(from('1.2.3.4', 3)).toBe('1.2.3.4');
  });

  test.each([[undefined], [''], ['nobody'], [`${'1'.repeat(9_000)}`], ['1.2.3.4, <script>']])(
    'is who holds the connection when the header says %s',
    (header) => {
      expect(from(header, 1)).toBe('10.0.0.9');
    },
  );
});

describe('an address is counted', () => {
  test.each([
    ['1.2.3.4', '1.2.3.4'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s as %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
