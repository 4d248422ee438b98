import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface StartStudioOptions {
  /** Of a whole site: what `rodpo export --site` writes. */
  readonly folder: string;
  /** Where to listen. Default 127.0.0.1, which only this machine reaches. */
  readonly host?: string;
  /** Default 0: one that is free. */
  readonly port?: number;
}

export interface RunningStudio {
  /** Of the page. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves a site, as any web server can.
 *
 * @throws the system's error, with its `code`, such as `EADDRINUSE`
 */
export async function startStudio({
  host = '127.0.0.1',
  port = 0,
  folder,
}: StartStudioOptions): Promise<RunningStudio> {
  const isLocal = localHosts.has(host);
  const server = createServer((request, response) => {
    answer({ folder, isLocal }, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const { port: own } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    address: `http://${name}:${own}/`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const localHosts = new Set(['127.0.0.1', 'localhost', '::1']);

interface Served {
  readonly folder: string;
  readonly isLocal: boolean;
}

const headers = {
  'Cache-Control': 'no-cache',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
};

async function answer(
  served: Served,
  { method, url = '/', headers: asked }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refuse = (status: number, text: string) => {
    response.writeHead(status, { ...headers, 'Content-Type': 'text/plain' }).end(text);
  };
  // A page elsewhere whose name was made to lead to this machine still says its own name.
  const name = (asked.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (served.isLocal && !localHosts.has(name)) return refuse(403, 'Ask for localhost.');
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'Files are only read here.');
  const path = pathOf(url);
  const file = path === undefined ? undefined : join(served.folder, path);
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (!found?.isFile()) return refuse(404, 'There is no such file.');
  const type = contentTypes[extname(file!)] ?? 'application/octet-stream';
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': found.size });
  if (method === 'HEAD') response.end();
  else await pipeline(createReadStream(file!), response);
}

/** Undefined if it leads anywhere but down. */
function pathOf(url: string): string | undefined {
  const [raw = ''] = url.split(/[?#]/);
  try {
    const path = decodeURIComponent(raw).replace(/^\//, '');
    if (path === '') return 'index.html';
    const isPlain = path.split('/').every((part) => part !== '' && !/^\.\.?$|[\\:\0]/.test(part));
    return isPlain ? path : undefined;
  } catch {
    return undefined;
  }
}
