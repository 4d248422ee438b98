import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const sources = ['--conditions=@rodpo/source', '--import', '@rodpo/testing/load-typescript'];

export interface Started {
  readonly process: ChildProcess;
  /** What it has printed so far, on both streams. */
  output(): string;
  /** Resolves once it has printed what fits; rejects if it ends before. */
  printed(pattern: RegExp): Promise<void>;
  /** How it ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** The command as a process of its own, from the sources. */
export function startRodpo(...args: string[]): Started {
  const child = spawn(process.execPath, [...sources, main, ...args], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal!));
  });
  const printed = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(text)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`It ended without ${pattern}:\n${text}`)));
    });
  return { process: child, output: () => text, printed, ended };
}
