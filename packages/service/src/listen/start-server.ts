import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { ActionableError, quote, requireInteger } from '@rodpo/errors';

export interface ListenOptions {
  /** Default 127.0.0.1: this machine alone. */
  readonly host?: string;
  /** Default 8080; 0 takes one that is free. */
  readonly port?: number;
}

/** A server that answers. */
export interface Listening {
  readonly address: { readonly host: string; readonly port: number; readonly url: string };
  /** Accepts nothing more, and resolves once what has come is answered, or `patienceMs` are over. */
  close(patienceMs: number): Promise<void>;
}

/** Milliseconds in which a whole request must have come. */
const requestTimeout = 30_000;

/** Milliseconds beyond a request's own time that a stop waits for its answer to be sent. */
const sendingMs = 5000;

/** @throws {ActionableError} if the address is in use or not one of this machine's */
export async function startServer(
  fetch: (request: Request) => Response | Promise<Response>,
  { host = '127.0.0.1', port = 8080 }: ListenOptions,
): Promise<Listening> {
  requireInteger('port', port, { from: 0, to: 65_535 });
  const server = createAdaptorServer({ fetch, serverOptions: { requestTimeout } }) as Server;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new ActionableError(refusal(cause as NodeJS.ErrnoException, host, port), { cause });
  }
  const { port: own } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${own}`;
  return {
    address: { host, port: own, url },
    close: async (patienceMs) => {
      const ended = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      // A client that never ends its request is not waited for.
      const timer = setTimeout(() => server.closeAllConnections(), patienceMs + sendingMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function refusal({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  const address = `${quote(host)}, port ${port}`;
  if (code === 'EADDRINUSE') return `Another program listens at ${address}. Choose another port.`;
  if (code === 'EACCES') return `Not allowed to listen at ${address}. Choose a port above 1023.`;
  return `Cannot listen at ${address}: ${message}. Choose an address of this machine.`;
}
