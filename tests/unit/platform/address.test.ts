import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { addressBehind, networkOf, plainAddress } from '../../../server/platform/http/address.ts';

/** One sender is one address, whatever a proxy writes beside it (issue 15, point 18). */
describe('plainAddress', () => {
  it.each([
    ['203.0.113.10', '203.0.113.10'],
    ['203.0.113.10:40001', '203.0.113.10'],
    [' 203.0.113.10:5 ', '203.0.113.10'],
    ['::ffff:203.0.113.10', '203.0.113.10'],
    ['::FFFF:cb00:710a', '203.0.113.10'],
    ['[::ffff:203.0.113.10]:40001', '203.0.113.10'],
    ['2001:DB8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:40001', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['', ''],
    ['unknown', 'unknown'],
    ['_hidden', '_hidden'],
    ['999.1.1.1:80', '999.1.1.1:80'],
  ])('%s is %s', (text, address) => {
    expect(plainAddress(text)).toBe(address);
  });
});

describe('networkOf', () => {
  it.each([
    ['203.0.113.10:40001', '203.0.113.10'],
    ['::ffff:203.0.113.10', '203.0.113.10'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('addressBehind', () => {
  const request = (remoteAddress: string, forwarded: string) =>
    ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

  it('knows a trusted proxy with its port, and a client whatever its port', () => {
    const of = addressBehind(['127.0.0.1', '10.0.0.0/24']);
    expect(of(request('::ffff:127.0.0.1', '203.0.113.10:40001'))).toBe('203.0.113.10');
    expect(of(request('127.0.0.1', '1.1.1.1, 203.0.113.10:40002, 10.0.0.7:9000'))).toBe('203.0.113.10');
    expect(of(request('127.0.0.9', '203.0.113.10'))).toBe('127.0.0.9');
  });
});
