import { isIP } from 'node:net';
import { DownloadFailure } from './download-failure.ts';

/** One address of a host. */
export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name. */
export type HostLookup = (hostname: string) => Promise<readonly HostAddress[]>;

export interface ResolveHostOptions {
  readonly lookup: HostLookup;
  readonly mayAsk: (address: string) => boolean;
}

/**
 * The addresses of a URL's host, every one of them allowed. Connecting to these, and not to
 * the name again, leaves no gap in which the name could change its meaning.
 *
 * @throws {DownloadFailure} if the name has no address, or one that is not allowed
 */
export async function resolveHost(
  { hostname }: URL,
  { lookup, mayAsk }: ResolveHostOptions,
): Promise<readonly HostAddress[]> {
  const addresses = await addressesOf(hostname.replace(/^\[|\]$/g, ''), lookup);
  const refused = addresses.find(({ address }) => !mayAsk(address));
  if (refused) {
    throw new DownloadFailure(
      'refused',
      `${hostname} is at ${refused.address}, which is not a public address. ` +
        'Add its range to allowPrivateAddresses if it is meant.',
    );
  }
  return addresses;
}

async function addressesOf(host: string, lookup: HostLookup): Promise<readonly HostAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const addresses = await lookup(host).catch((cause: Error) => {
    throw notFound(`${host} could not be resolved: ${cause.message}`, cause);
  });
  if (addresses.length === 0) throw notFound(`${host} has no address`);
  return addresses;
}

/** A name server that fails and a name that is gone look alike from here. */
function notFound(message: string, cause?: Error): DownloadFailure {
  return new DownloadFailure('unreachable', message, { transient: true, cause });
}
