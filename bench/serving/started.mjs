// Services as processes: ours and its peer, on ports of their own.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../apps/pipeline/dist/main.js', import.meta.url));
const peers = fileURLToPath(new URL('../peers/', import.meta.url));

export const ours = ({ bundle, workers }) => ({
  command: process.execPath,
  args: (port) => [
    ...[main, 'serve', '--bundle', bundle, '--port', String(port), '--workers', String(workers)],
    ...['--threads', '1', '--log-level', 'error'],
  ],
});

export const fastapi = ({ python, bundle, workers }) => ({
  command: python,
  args: (port) => [
    ...['-m', 'uvicorn', 'serve_fastapi:app', '--app-dir', peers, '--port', String(port)],
    ...['--workers', String(workers), '--log-level', 'warning'],
  ],
  env: { RODPO_BUNDLE: bundle },
});

/** Starts a service, and waits until it answers `body`. */
export async function started({ command, args, env }, body) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const begun = performance.now();
  const child = spawn(command, args(port), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  let complaints = '';
  let hasEnded = false;
  child.stderr.on('data', (data) => {
    complaints = `${complaints}${data}`.slice(-2000);
  });
  const ended = new Promise((resolve) => {
    child.on('error', ({ message }) => {
      complaints += message;
      resolve();
    });
    child.on('close', resolve);
  }).then(() => {
    hasEnded = true;
  });
  const post = async (own) => {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${address}/recommend`, { method: 'POST', headers, body: JSON.stringify(own) });
  };
  for (;;) {
    if (hasEnded) throw new Error(`${command} ended before it answered.\n${complaints}`);
    const response = await post(body).catch(() => undefined);
    if (response?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return {
    address,
    seconds: (performance.now() - begun) / 1000,
    post: async (own) => (await post(own)).json(),
    isRunning: () => !hasEnded,
    /** Resident memory of the process and all that it started, in MiB. */
    memory: () => family(child.pid).reduce((sum, pid) => sum + resident(pid), 0),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A process and all that descend from it. */
function family(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const all = [pid];
  for (const one of all) {
    for (const [child, parent] of parents) if (parent === one) all.push(child);
  }
  return all;
}

function parentOf(pid) {
  try {
    // The name stands in brackets, and may hold any character.
    const [, rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?!.*\) )/);
    return Number(rest.split(' ')[1]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

function resident(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
