import { BlockList, isIPv4 } from 'node:net';
import { isPublicAddress } from '@rodpo/features/download';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/**
 * All entries of the IANA IPv4 Special-Purpose Address Registry, and multicast, which has a
 * registry of its own (RFC 5771).
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const specialIpv4 = [
  '0.0.0.0/8', // this network
  '0.0.0.0/32',
  '10.0.0.0/8', // private use
  '100.64.0.0/10', // shared address space (carrier-grade NAT)
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link local
  '172.16.0.0/12', // private use
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.0.0/29',
  '192.0.0.8/32',
  '192.0.0.9/32',
  '192.0.0.10/32',
  '192.0.0.170/32',
  '192.0.0.171/32',
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relay anycast
  '192.88.99.2/32',
  '192.168.0.0/16', // private use
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '240.0.0.0/4', // reserved
  '255.255.255.255/32', // broadcast
  '224.0.0.0/4', // multicast
];

/**
 * All entries of the IANA IPv6 Special-Purpose Address Registry; then what the Internet Protocol
 * Version 6 Address Space registry does not give out for global unicast (all but `2000::/3`).
 *
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 * @see https://www.iana.org/assignments/ipv6-address-space
 */
const specialIpv6 = [
  '::1/128', // loopback
  '::/128', // unspecified
  '::ffff:0:0/96', // IPv4-mapped
  '64:ff9b::/96', // NAT64
  '64:ff9b:1::/48', // NAT64, local use
  '100::/64', // discard only
  '100:0:0:1::/64', // dummy prefix
  '2001::/23', // IETF protocol assignments
  '2001::/32', // Teredo
  '2001:1::1/128',
  '2001:1::2/128',
  '2001:1::3/128',
  '2001:2::/48', // benchmarking
  '2001:3::/32', // AMT
  '2001:4:112::/48', // AS112
  '2001:10::/28', // ORCHID
  '2001:20::/28', // ORCHIDv2
  '2001:30::/28', // drone remote id
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
  '5f00::/16', // segment routing
  'fc00::/7', // unique local
  'fe80::/10', // link local
  '::/96', // IPv4-compatible, deprecated
  '::/3',
  '4000::/2',
  '8000::/1', // multicast (ff00::/8) and site local (fec0::/10) among them
];

const special = [...specialIpv4, ...specialIpv6];
const ipv4Registry = blockList(specialIpv4, 'ipv4');
const ipv6Registry = blockList(specialIpv6, 'ipv6');

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '100.63.255.255', // just below carrier-grade NAT
  '100.128.0.0', // just above
  '172.15.255.255',
  '172.32.0.0',
  '198.17.255.255',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2001:200::1', // just above the IETF protocol assignments
  '3ffe::1',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  '::ffff:8.8.8.8', // public inside, but nobody names a public host so
  '::127.0.0.1',
  '::7f00:1',
  '2002:7f00:1::',
  '64:ff9b::10.0.0.1',
  'fe80::1%eth0',
  'ff02::1',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(special)('first, last and middle address of %s are not public', (range) => {
  const [start, prefix] = range.split('/') as [string, string];
  const width = isIPv4(start) ? 32 : 128;
  const first = toInteger(start);
  const size = 1n << BigInt(width - Number(prefix));

  for (const offset of [0n, size / 2n, size - 1n]) {
    expect(isPublicAddress(toText(first + offset, width))).toBe(false);
  }
});

test('agrees with the registries on any address of IPv4', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(isPublicAddress(address)).toBe(!ipv4Registry.check(address, 'ipv4'));
    }),
    { numRuns: 2000 },
  );
});

test('agrees with the registries on any address of IPv6', () => {
  const first = fc.oneof(
    fc.integer({ min: 0x2000, max: 0x3fff }), // of which most are public
    fc.constantFrom(0x2001, 0x2002, 0x2620, 0x3fff),
    fc.integer({ min: 0, max: 0xffff }),
  );
  const part = fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 0x10, 0x112, 0xdb8), fc.nat(0xffff));
  const rest = fc.array(part, { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(first, rest, (start, parts) => {
      const address = [start, ...parts].map((value) => value.toString(16)).join(':');

      expect(isPublicAddress(address)).toBe(!ipv6Registry.check(address, 'ipv6'));
    }),
    { numRuns: 2000 },
  );
});

test('no IPv4 address becomes public by being put into an IPv6 one', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const hex = toInteger(address).toString(16).padStart(8, '0');
      const tail = `${hex.slice(0, 4)}:${hex.slice(4)}`;

      for (const head of ['::', '::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::']) {
        expect(isPublicAddress(head + tail)).toBe(false);
      }
      expect(isPublicAddress(`2002:${tail}::1`)).toBe(false);
      expect(isPublicAddress(`2001:0:${tail}::1`)).toBe(false);
    }),
  );
});

test.each([
  '',
  'localhost',
  '8.8.8',
  '134744072',
  '0x8.8.8.8',
  '08.8.8.8',
  '8.8.8.8/32',
  ' 8.8.8.8',
])('%j is no address, so it is not public', (text) => {
  expect(isPublicAddress(text)).toBe(false);
});

/** One for each family: Node takes IPv4 addresses to lie in IPv6 ranges that hold mapped ones. */
function blockList(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [start, prefix] = range.split('/') as [string, string];
    list.addSubnet(start, Number(prefix), family);
  }
  return list;
}

/** An address as a number, written independently of the library that is used. */
function toInteger(address: string): bigint {
  if (isIPv4(address)) {
    return address.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);
  }
  const [left, right] = address.split('::').map((half) => (half ? half.split(':') : []));
  const missing = 8 - left!.length - (right?.length ?? 0);
  const parts = [...left!, ...Array(missing).fill('0'), ...(right ?? [])];
  return parts.reduce((value, part) => value * 65536n + BigInt(`0x${part}`), 0n);
}

function toText(value: bigint, width: number): string {
  const size = width === 32 ? 8n : 16n;
  const parts = Array.from({ length: width / Number(size) }, (_, index) => {
    const shift = BigInt(width) - size * BigInt(index + 1);
    return (value >> shift) & ((1n << size) - 1n);
  });
  return width === 32 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':');
}
