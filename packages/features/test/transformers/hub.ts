import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Hub {
  readonly address: string;
  /** What was asked, in order. */
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A server that has files by path, each of them whole or cut off in the middle. */
export async function startHub(
  files: Readonly<Record<string, Uint8Array>>,
  isCutOff: (path: string) => boolean = () => false,
): Promise<Hub> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const path = request.url!.slice(1);
    const content = files[path];
    if (!content) {
      response.writeHead(404).end('Entry not found');
      return;
    }
    response.writeHead(200, { 'content-length': content.length });
    if (!isCutOff(path)) response.end(content);
    else response.write(content.subarray(0, content.length / 2), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
