import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { rodpo } from './rodpo.ts';
import { tinyConfig } from './tiny-run.ts';

/** The package that `pnpm test:engines` has built and lets be found. */
const source = process.env.TFJS_NODE ?? '';

describe.runIf(source)(`${source || 'tfjs-node'}, installed beside the app`, () => {
  test('a whole run computes on it, and the run folder says so', { timeout: 300_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
    const { output: _, ...config } = await tinyConfig();
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const run = join(folder, 'run');
    const printed = await rodpo(
      ...['run', '--config', join(folder, 'config.json'), '--output', run, '--engine', 'tfjs'],
    );

    const read = async (name: string) => JSON.parse(await readFile(join(run, name), 'utf8'));
    const name = new RegExp(`^tfjs \\(tensorflow, ${source}, (cpu|gpu)\\)$`);
    const { engine } = await read('versions.json');
    expect(engine).toMatch(name);
    expect(printed).toContain(`engine: ${engine}`);
    expect(tf.getBackend()).toBe('tensorflow');
    // The GPU's package says when it computes on the CPU.
    const isMisplaced = source.endsWith('-gpu') && engine.endsWith(', cpu)');
    expect(printed.includes('finds no GPU here')).toBe(isMisplaced);
    // Chance is about .025, as in pipeline.test.ts.
    expect((await read('summary.json')).pretrained.test['ndcg@5']).toBeGreaterThan(0.035);
  });

  test('shares the one tfjs-core of the process', async () => {
    expect((await import(source)).Tensor).toBe(tf.Tensor);
  });
});
