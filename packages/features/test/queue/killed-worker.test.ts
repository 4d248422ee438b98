import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from '@rodpo/features';
import { deadLetters, enqueueShards, queueProgress, workShards } from '@rodpo/queue';
import { range } from '@rodpo/testing';
import { compiledPackage } from '@rodpo/testing/compiled-package';
import { describeWithRedis } from '@rodpo/testing/redis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { catalogue, cut, shardCount, sines } from './sines.ts';

describeWithRedis('workers in processes of their own', ({ newQueue }) => {
  const processes: ChildProcess[] = [];
  let compiled: string;
  let folder: string;
  beforeEach(async () => {
    const files = ['test/queue/worker-process.ts', 'test/queue/sines.ts'];
    compiled = await compiledPackage(new URL('../../', import.meta.url), files, ['@rodpo/queue']);
    folder = await mkdtemp(join(tmpdir(), 'rodpo-killed-worker-'));
  }, 60_000);
  afterEach(async () => {
    for (const child of processes.splice(0)) child.kill('SIGKILL');
    for (const made of [compiled, folder]) await rm(made, { recursive: true, force: true });
  });

  test('one is killed in the middle of a shard: the store is as if nothing had been', async () => {
    const queue = newQueue();
    const store = join(folder, 'store');
    const script = join(compiled, 'test/queue/worker-process.js');
    const start = (...mode: string[]) => {
      const worker = startWorker([script, queue.connection, queue.name, store, ...mode]);
      processes.push(worker.child);
      return worker;
    };
    await enqueueShards(queue, shardCount);

    const victim = start('hang');
    const [, lost] = (await victim.says(/^hangs (\d+)$/)) as [string, string];
    const others = range(3).map(() => start());
    await Promise.race(others.map((worker) => worker.says(/^made/)));
    victim.child.kill('SIGKILL');

    expect((await victim.ended).signal).toBe('SIGKILL');
    for (const worker of others) expect(await worker.ended).toEqual({ code: 0, signal: null });
    const said = others.flatMap(({ lines }) => lines);
    const made = said.flatMap((line) => line.match(/^made (\d+)$/)?.[1] ?? []).map(Number);
    expect(made.toSorted((one, other) => one - other)).toEqual(range(shardCount));
    expect(made).toContain(Number(lost));
    expect(victim.lines).toEqual([`hangs ${lost}`]);
    expect(await queueProgress(queue)).toEqual({
      waiting: 0,
      active: 0,
      delayed: 0,
      completed: shardCount,
      failed: 0,
    });
    expect(await deadLetters(queue)).toEqual([]);

    const alone = join(folder, 'alone');
    await extract(catalogue, sines(), { folder: alone, ...cut });
    expect(await bytesOf(store)).toEqual(await bytesOf(alone));
  });

  test("one is stopped until its shard is another worker's: it does not write over that", async () => {
    const queue = newQueue();
    const store = join(folder, 'store');
    const script = join(compiled, 'test/queue/worker-process.js');
    await enqueueShards(queue, 1);
    const first = startWorker([script, queue.connection, queue.name, store, 'held']);
    processes.push(first.child);
    await first.says(/^holds 0$/);
    first.child.kill('SIGSTOP');

    const report = await workShards(
      queue,
      async (_, { assertOwned }) => {
        await assertOwned();
        await mkdir(store, { recursive: true });
        await writeFile(join(store, 'owner'), 'the second');
      },
      { lockDuration: 500 },
    );
    first.child.kill('SIGCONT');

    expect(report).toEqual({ done: 1, failed: 0 });
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(first.lines).toEqual(['holds 0', 'ShardLost', 'done 0 failed 0']);
    expect(await readFile(join(store, 'owner'), 'utf8')).toBe('the second');
    expect(await queueProgress(queue)).toMatchObject({ completed: 1, failed: 0, waiting: 0 });
  });
});

interface WorkerProcess {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly lines: string[];
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  /** Waits for a line. */
  says(line: RegExp): Promise<string[]>;
}

function startWorker(command: string[]): WorkerProcess {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
    child.emit('lines');
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const says = async (line: RegExp): Promise<string[]> => {
    for (;;) {
      const match = lines.map((text) => text.match(line)).find(Boolean);
      if (match) return [...match];
      const more = await Promise.race([once(child, 'lines'), ended.then(() => undefined)]);
      if (!more) throw new Error(`The worker ended without saying ${line}: ${lines.join('; ')}`);
    }
  };
  return { child, lines, ended, says };
}

async function bytesOf(store: string): Promise<Record<string, string>> {
  const files = (await readdir(store)).sort();
  const contents = files.map(async (file) => [file, await readFile(join(store, file), 'hex')]);
  return Object.fromEntries(await Promise.all(contents));
}
