import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeSafetensors } from '@rodpo/files';
import { expect, test } from 'vitest';
import type { ComparisonFolder } from '../../src/compare/comparison-folder.ts';
import { isDone } from '../../src/compare/unit-results.ts';
import type { Unit } from '../../src/compare/units.ts';
import type { Run } from '../../src/run/run.ts';

const weights = 'checkpoints/pretrain.safetensors';

/** The folders of a comparison in which `files` are, and no run has ever been. */
async function left(files: readonly string[], features: object = {}): Promise<ComparisonFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-units-'));
  for (const name of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    if (name.endsWith(weights)) {
      await writeSafetensors(path, { w: { shape: [1], data: new Float32Array(1) } });
    } else await writeFile(path, '');
  }
  const runOf = async (encoder: string, seed?: number) => {
    const own = join(folder, encoder, seed === undefined ? '' : `seed-${seed}`);
    const file = (...names: string[]) => join(own, ...names);
    return { file, config: { features } } as unknown as Run;
  };
  return { runOf } as ComparisonFolder;
}

const prepared: Unit = { phase: 'prepare', encoder: 'dense' };
const pretrained: Unit = { phase: 'pretrain', encoder: 'dense', seed: 1 };
const aligned: Unit = { phase: 'align', encoder: 'dense', seed: 1, strategy: 'uniform' };
const tried: Unit = { ...aligned, phase: 'trials', trial: 2, combination: { beta: 1 } };

const ids = 'dense/data/ids.json';
const manifest = (modality: string) => `dense/features/${modality}/manifest.json`;
const results = 'dense/seed-1/results';

test.each<[string, Unit, string[], object?]>([
  ['data', prepared, [ids]],
  ['data with texts', prepared, [ids, manifest('text')], { text: {} }],
  ['data with both', prepared, [ids, manifest('text'), manifest('image')], { text: {}, image: {} }],
  ['pretraining', pretrained, [`dense/seed-1/${weights}`, `${results}/pretrained.json`]],
  ['a trial', tried, [`${results}/uniform-trial-2.json`]],
  ['an alignment', aligned, [`${results}/uniform.json`]],
])(
  '%s: done when all of its files are there, and not when one is missing',
  async (_, unit, files, features) => {
    expect(await isDone(await left(files, features), unit)).toBe(true);

    for (const missing of files) {
      const others = files.filter((file) => file !== missing);
      expect(await isDone(await left(others, features), unit)).toBe(false);
    }
  },
);

test('what another encoder or seed has left is another unit', async () => {
  const comparison = await left(['sparse/data/ids.json', 'dense/seed-2/results/uniform.json']);

  expect(await isDone(comparison, prepared)).toBe(false);
  expect(await isDone(comparison, aligned)).toBe(false);
});
