import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisBinary } from './redis-binary.ts';

export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:<port>` */
  readonly connection: string;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Default: a free one. */
  readonly port?: number;
  readonly password?: string;
}

/** Runs a command until its standard input ends, so that it outlives no test run, however ended. */
const TIED =
  'exec 3<&0; "$0" "$@" & server=$!; { read -r _ <&3; kill "$server"; } & wait "$server"';

/** Redis on a loopback port, in a folder of its own, with nothing kept on disk. */
export async function startRedis(
  binary: RedisBinary,
  { port, password = '' }: StartOptions = {},
): Promise<RedisServer> {
  const chosen = port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-redis-'));
  const options = ['--bind', '127.0.0.1', '--port', `${chosen}`, '--dir', folder, '--save', ''];
  const server = spawn(
    'sh',
    ['-c', TIED, binary.command, ...options, '--appendonly', 'no', '--requirepass', password],
    { env: { ...process.env, ...binary.environment }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(server, 'exit');
  const stop = async () => {
    server.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const said: string[] = [];
  server.stdout.setEncoding('utf8');
  const ready = new Promise<true>((resolve) => {
    server.stdout.on('data', (text: string) => {
      said.push(text);
      if (said.join('').includes('Ready to accept connections')) resolve(true);
    });
  });
  if (!(await Promise.race([ready, ended.then(() => false)]))) {
    await stop();
    throw new Error(`redis-server ended before it was ready:\n${said.join('')}`);
  }
  return { port: chosen, connection: `redis://127.0.0.1:${chosen}`, stop };
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
