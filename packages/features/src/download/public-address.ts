import { isIP } from 'node:net';
import { actionable, quote } from '@rodpo/errors';
import ipaddr from 'ipaddr.js';

/** All addresses of IPv6 that are given out for global unicast; the rest is reserved. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an IPv4 or IPv6 address, as text, is an ordinary one of the public internet.
 *
 * False for all that is registered for a special purpose: private, loopback, link-local (where
 * clouds keep their credentials), carrier-grade NAT, multicast, documentation, reserved, and IPv6
 * that carries an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo), whatever that
 * one is. False for text that is no address. Host names and odd notations (`0x7f.1`) are no
 * addresses.
 *
 * A network can route addresses that look public to machines inside (a NAT64 prefix of its own).
 * That cannot be seen in an address: only a firewall stops it.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast);
}

/**
 * A test for addresses that may be asked: public ones, and those in `allowed`.
 *
 * @throws {RangeError} if a range is not written like `10.1.2.0/24` or `fd00:1::/32`
 */
export function addressRule(allowed: boolean | readonly string[]): (address: string) => boolean {
  if (allowed === true) return () => true;
  const ranges = (allowed || []).map(parseRange);
  return (address) => isPublicAddress(address) || isWithin(address, ranges);
}

type AddressRange = ReturnType<typeof ipaddr.parseCIDR>;

function parseRange(text: string): AddressRange {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  throw actionable(
    new RangeError(`allowPrivateAddresses takes ranges such as '10.1.2.0/24', got ${quote(text)}`),
  );
}

function isWithin(address: string, ranges: readonly AddressRange[]): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  return ranges.some((range) => range[0].kind() === parsed.kind() && parsed.match(range));
}
