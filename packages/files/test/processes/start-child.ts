import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface Child {
  readonly process: ChildProcess;
  /** The next line that it writes. */
  line(): Promise<string>;
  kill(): Promise<void>;
}

/** Runs `child.ts` in a process of its own, which ends with the test at the latest. */
export function startChild(compiled: string, ...task: readonly string[]): Child {
  const child = spawn(process.execPath, [join(compiled, 'test/processes/child.js'), ...task], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exit;
  };
  onTestFinished(kill);
  return { process: child, line: async () => (await lines.next()).value, kill };
}
