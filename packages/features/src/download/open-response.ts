import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { networkFailure } from './download-failure.ts';
import type { HostAddress } from './resolve-host.ts';

/** Connections that are kept for the next request to the same host. */
export interface Connections {
  readonly plain: PlainAgent;
  readonly secure: SecureAgent;
}

/** How long a connection that nobody uses stays open. */
const unusedMilliseconds = 5000;

export function openConnections(maxFreeSockets: number): Connections {
  const options = { keepAlive: true, maxFreeSockets, timeout: unusedMilliseconds };
  return { plain: new PlainAgent(options), secure: new SecureAgent(options) };
}

export function closeConnections({ plain, secure }: Connections): void {
  plain.destroy();
  secure.destroy();
}

export interface OpenResponseOptions {
  readonly connections: Connections;
  /** Where to connect to: the name is not looked up again. */
  readonly addresses: readonly HostAddress[];
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/**
 * Asks for a URL and answers with the response as soon as its headers are there.
 *
 * @throws {DownloadFailure} if no response comes
 */
export function openResponse(
  url: URL,
  { connections, addresses, userAgent, signal }: OpenResponseOptions,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (isSecure ? secureRequest : plainRequest)(url, {
      agent: isSecure ? connections.secure : connections.plain,
      lookup: always(addresses),
      // Nothing compressed: a small body could unfold to any size.
      headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': userAgent },
      signal,
    });
    let response: IncomingMessage | undefined;
    request.on('response', (incoming) => {
      response = incoming;
      resolve(incoming);
    });
    request.on('error', (error) => {
      response?.destroy(error); // no body is whole whose connection broke the protocol
      reject(networkFailure(error));
    });
    request.end();
  });
}

/** Answers every question with these addresses. Never called for a host that is an address. */
function always(addresses: readonly HostAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const { address, family } = addresses[0]!;
    if (all) callback(null, [...addresses]);
    else callback(null, address, family);
  };
}
