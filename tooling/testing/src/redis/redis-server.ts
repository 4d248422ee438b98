import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisProgram } from './redis-program.ts';

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

/** A Redis of one's own, to be stopped, flushed or filled at will. What it held is gone with it. */
export async function startRedis({ port, password }: StartOptions = {}): Promise<RedisServer> {
  const { command, optionsFor } = await redisProgram();
  const chosen = port ?? (await freePort());
  const server = spawn('sh', ['-c', TIED, command, ...optionsFor(chosen)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  server.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const ended = once(server, 'exit');
  const stop = async () => {
    server.stdin.end();
    await ended;
  };
  const answers = firstAnswer(chosen, password ? `CONFIG SET requirepass ${password}` : 'PING');
  const isReady = await Promise.race([answers.then(() => true), ended.then(() => false)]);
  if (isReady) return { port: chosen, connection: `redis://127.0.0.1:${chosen}`, stop };
  await stop();
  throw new Error(`${command} ended before it was ready:\n${said.join('')}`);
}

/** Sends a command, as soon as there is somebody to take it, and waits for the answer. */
async function firstAnswer(port: number, command: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(20)) {
    const socket = connect(port, '127.0.0.1');
    const hasAnswered = await answerTo(socket, command);
    socket.destroy();
    if (hasAnswered) return;
  }
  throw new Error(`The Redis that was started on port ${port} does not answer`);
}

async function answerTo(socket: Socket, command: string): Promise<boolean> {
  socket.write(`${command}\r\n`);
  return once(socket, 'data').then(
    ([answer]) => /^[+]/.test(String(answer)),
    () => false,
  );
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
