import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What runs a Redis server on a port of the loopback, with nothing kept on disk. */
export interface RedisProgram {
  readonly command: string;
  optionsFor(port: number): string[];
}

const installed: RedisProgram = {
  command: 'redis-server',
  optionsFor: (port) => [
    ...['--bind', '127.0.0.1', '--port', `${port}`],
    ...['--save', '', '--appendonly', 'no'],
  ],
};

const shipped: RedisProgram = {
  command: process.execPath,
  optionsFor: (port) => [
    '--no-warnings',
    fileURLToPath(new URL('valkey-server.mjs', import.meta.url)),
    `${port}`,
  ],
};

/** `redis-server` of this machine or, where there is none, the Valkey that npm brought. */
export async function redisProgram(): Promise<RedisProgram> {
  return promisify(execFile)(installed.command, ['--version']).then(
    () => installed,
    () => shipped,
  );
}
