// One contender of a case: a process that answers lines of JSON.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What a contender says when it cannot run here: it is left out of its case. */
export class AbsentError extends Error {}

/**
 * Starts a process and awaits its first line, which says that it is set up.
 *
 * @throws {AbsentError} if it cannot be started, ends first, or says that it is absent
 */
export async function startContender({ command, args }) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {}); // a process that has ended: the reply says so
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints = `${complaints}${data}`.slice(-2000);
  });
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(`ended with ${signal ?? code}\n${complaints}`));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const reply = async () => {
    const { value, done } = await lines.next();
    if (done) throw new AbsentError(await ended);
    return JSON.parse(value);
  };

  const ready = await reply();
  if (ready.absent) throw new AbsentError(ready.absent);
  return {
    ready,
    request: (message) => {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      return reply();
    },
    /** Peak resident memory so far, in MiB. */
    peakMemory: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) / 1024;
    },
    /** Lets it end by itself, so that it may write what it has left to write. */
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}
