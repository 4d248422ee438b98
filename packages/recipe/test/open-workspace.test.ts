import { leaveOneOut } from '@rodpo/data';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { tableOf } from '../src/rows/table-of.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { compiledEngine, type Engine } from '../src/workspace/engine.ts';
import {
  itemRowsBySize,
  mostItemsInProgram,
  openWorkspace,
  type WorkspaceOptions,
} from '../src/workspace/workspace.ts';
import { smallDataset, smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

const { encoder } = smallWorkspace();
const layouts: [string, Partial<WorkspaceOptions>, readonly number[]][] = [
  ['nothing', {}, [50, 64, 24, 512]],
  ['long sequences', { maxLength: 100 }, [100, 100, 24, 800]],
  ['rows that three blocks cannot share', { rowCount: 4 }, [50, 64, 4, 256]],
];

test.each(layouts)('said %s, sizes of a batch fit each other', (_, changes, expected) => {
  const { layout } = openWorkspace({ dataset: smallDataset(), encoder, ...changes });
  const { maxLength, rowLength, rowCount, blockSize } = layout;
  expect([maxLength, rowLength, rowCount, blockSize]).toEqual(expected);
});

test('cutoffs ascend, with 10 among them', () => {
  expect(smallWorkspace().cutoffs).toEqual([5, 10, 20]);
  expect(smallWorkspace({ cutoffs: [20, 3, 20] }).cutoffs).toEqual([3, 10, 20]);
});

test('a sample of validation cases is named only where one was asked for', () => {
  expect(smallWorkspace()).not.toHaveProperty('validationSample');
  expect(smallWorkspace({ validationSample: 9 }).validationSample).toBe(9);
});

test('item rows stay in the program up to the limit, and are on the host above it', () => {
  expect(itemRowsBySize(mostItemsInProgram)).toBe('program');
  expect(itemRowsBySize(mostItemsInProgram + 1)).toBe('host');
});

test('users are scored as many at a time as the larger held-out part has', async () => {
  const dataset = smallDataset();
  const own = leaveOneOut(dataset.sequences);
  const asked: unknown[] = [];
  const engine: Engine = {
    name: 'none',
    program: async (_, { inputs }) => {
      asked.push(inputs.users!.shape);
      throw new Error('asked enough');
    },
  };
  const few = [...own.test].slice(0, 7);
  for (const split of [
    { ...own, test: few },
    { ...own, validation: few },
  ]) {
    const { scores } = smallWorkspace({ dataset, split, engine });
    const nobody = {
      table: tableOf({ shape: [1, 16], data: new Float32Array(16) }),
      indices: new Int32Array(0),
    };
    await expect(scores.pairs(nobody, nobody)).rejects.toThrow('asked enough');
  }
  expect(asked).toEqual([
    [120, 16],
    [120, 16],
  ]);
});

test('a program that could not be made is made at the next call', async () => {
  const compiled = compiledEngine({ threads: 1 });
  let calls = 0;
  const engine: Engine = {
    name: compiled.name,
    program: async (step, options) => {
      if (calls++ === 0) throw new Error('not now');
      return compiled.program(step, options);
    },
  };
  const workspace = smallWorkspace({ engine });
  const weights = initialWeights(workspace);

  await expect(workspace.reader(weights)).rejects.toThrow('not now');
  const reader = await workspace.reader(weights);
  expect(await workspace.reader(weights)).toBe(reader);
  expect(calls).toBe(2);
  await workspace.dispose();
});

test('what a frozen model has to say is computed once, and again for another one', async () => {
  const workspace = smallWorkspace({ engine: compiledEngine({ threads: 1 }) });
  const [one, other] = [initialWeights(workspace), { ...initialWeights(workspace) }];

  const reference = await workspace.reference(one);
  expect(await workspace.reference(one)).toBe(reference);
  expect(await workspace.reference(other)).not.toBe(reference);
  await workspace.dispose();
});

test('item rows are kept in one of two places', () => {
  expect(() => smallWorkspace({ itemRows: 'memory' as never })).toThrow(
    'itemRows must be one of "program", "host", got "memory"',
  );
});
