import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itemList } from '@rodpo/features';
import type { DownloadOptions } from '@rodpo/features/download';
import { onTestFinished } from 'vitest';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ImageServer {
  readonly port: number;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** Connections that are open. */
  readonly sockets: Set<Socket>;
  /** How many connections there ever were. */
  connectionCount(): number;
  /** A URL of this server, under a made-up host name that `lookup` knows. */
  url(path: string, host?: string): string;
}

/** A server on a free port of 127.0.0.1, for as long as the test runs. */
export async function startServer(handler: Handler): Promise<ImageServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  const server = createServer((request, response) => {
    asked.push(request.url!);
    handler(request, response);
  });
  server.on('connection', (socket) => {
    connectionCount++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    asked,
    sockets,
    connectionCount: () => connectionCount,
    url: (path, host = 'shop.example') => `http://${host}:${port}${path}`,
  };
}

/** Options under which all names are at 127.0.0.1, which may be asked, and no wait is long. */
export async function localOptions(
  { port }: Pick<ImageServer, 'port'>,
  options: Partial<DownloadOptions> = {},
): Promise<DownloadOptions & { readonly folder: string }> {
  return {
    folder: await temporaryFolder(),
    allowedPorts: [port],
    allowPrivateAddresses: ['127.0.0.1/32'],
    backoffMilliseconds: 1,
    ...options,
    system: { lookup: async () => [{ address: '127.0.0.1', family: 4 }], ...options.system },
  };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-download-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Items `0`, `1`, … with these URLs. */
export function catalogue(...urls: (string | undefined)[]): ReturnType<typeof itemList<string>> {
  return itemList(urls.map((input, index) => ({ id: `${index}`, input })));
}

/** What begins like a PNG, `length` bytes long. */
export function pngBytes(length = 200): Buffer {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, Buffer.alloc(length - signature.length, 7)]);
}

/** A promise and what fulfils it. */
export function deferred<Value = void>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
} {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve: (value) => resolve(value) };
}

/** All files in a folder, by their paths within it, sorted; those of failures left out. */
export async function imagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name !== 'failures.jsonl')
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
