import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderLockedError, readSafetensors } from '@rodpo/files';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.ts';
import type { CompareConfig } from '../../src/compare/compare-config.ts';
import type { Cell, Comparison } from '../../src/compare/comparison.ts';
import { openComparison } from '../../src/compare/comparison-folder.ts';
import { ConfigError } from '../../src/config/config.ts';
import { plainReporter } from '../../src/run/reporter.ts';
import { isQuick } from '../tier.ts';
import { silent } from '../tiny-run.ts';
import { comparable, tinyComparison } from './tiny-comparison.ts';

const options = { command: 'the test' };

let config: CompareConfig;
let comparison: Comparison;

let made: Promise<Comparison>;

// Tests fail if it cannot be made; after a hook for all that throws, they would be passed over.
beforeAll(async () => {
  config = await tinyComparison({ sweep: { strategy: 'stochastic', poolSizes: [40] } });
  made = compare(config, silent, options);
  await made.catch(() => {});
}, 120_000);

beforeEach(async () => {
  comparison = await made;
});

const ranksOf = async ({ encoder, model }: Cell, seed: number, part: string) => {
  const folder = join(config.settings.output, encoder, `seed-${seed}`, 'results');
  const { tensors } = await readSafetensors(join(folder, `${model}.safetensors`));
  return [...tensors[part]!.data];
};

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Järvelin and Kekäläinen's gain of one relevant item at a rank from 1: 1 / log2(rank + 1). */
const ndcgAt5 = (rank: number) => (rank <= 5 ? 1 / Math.log2(rank + 1) : 0);
const hitAt10 = (rank: number) => (rank <= 10 ? 1 : 0);

test('who compares without a queue keeps the folder until it is done', async () => {
  const own = await tinyComparison();
  const controller = new AbortController();
  let other: Promise<unknown> | undefined;
  const say = () => {
    other ??= openComparison(own, silent).then(
      () => 'opened',
      (error: unknown) => error,
    );
    void other.then(() => controller.abort());
  };
  const { signal } = controller;
  const comparing = compare(own, { ...silent, say }, { ...options, signal });

  await expect(comparing).rejects.toMatchObject({ name: 'AbortError' });
  expect(await other).toBeInstanceOf(FolderLockedError);
});

test('a cell for each encoder and model, the baseline first', () => {
  expect(comparison.cells.map(({ encoder, model }) => `${encoder} ${model}`)).toEqual([
    'dense pretrained',
    'dense uniform',
    'dense stochastic',
    'dense stochastic-k40',
  ]);
  expect(comparison.cells.map(({ sweepPoolSize }) => sweepPoolSize)).toEqual([
    undefined,
    undefined,
    undefined,
    40,
  ]);
  expect(comparison.cells[3]!.settings).toEqual({
    ...comparison.cells[2]!.settings,
    negatives: expect.objectContaining({ from: 'pool', size: 40 }),
  });
});

test('metrics are means over the users of a seed, then over seeds, with their standard error', async () => {
  for (const cell of comparison.cells) {
    for (const part of ['test', 'validation'] as const) {
      for (const [metric, gain, ranks] of [
        ['ndcg@5', ndcgAt5, part],
        ['hit@10', hitAt10, part],
        ['masked ndcg@5', ndcgAt5, `masked ${part}`],
      ] as const) {
        const first = mean((await ranksOf(cell, 1, ranks)).map(gain));
        const second = mean((await ranksOf(cell, 2, ranks)).map(gain));

        expect(cell.runs.map((run) => run[part][metric])).toEqual([
          expect.closeTo(first, 12),
          expect.closeTo(second, 12),
        ]);
        expect(cell[part][metric]).toEqual({
          mean: expect.closeTo((first + second) / 2, 12),
          // The sample deviation of two values is their distance over √2.
          standardError: expect.closeTo(Math.abs(first - second) / 2, 12),
        });
      }
    }
  }
});

test('a strategy is tested over users whose figures are averaged over seeds', async () => {
  const users = async (cell: Cell) => {
    const [first, second] = [await ranksOf(cell, 1, 'test'), await ranksOf(cell, 2, 'test')];
    return first.map((rank, user) => (ndcgAt5(rank) + ndcgAt5(second[user]!)) / 2);
  };
  const baseline = await users(comparison.cells[0]!);
  for (const cell of comparison.cells.slice(1)) {
    const strategy = await users(cell);
    const differences = strategy.map((value, user) => value - baseline[user]!);
    const found = cell.againstBaseline!['ndcg@5']!;

    expect(found.difference).toBeCloseTo(mean(differences), 12);
    expect(found.gain).toBeCloseTo(mean(strategy) / mean(baseline) - 1, 10);
    const variance = mean(differences.map((value) => (value - mean(differences)) ** 2));
    const error = Math.sqrt(variance / (differences.length - 1));
    // Student's quantile for 95 % lies between that of the normal distribution and 2 here.
    const quantile = (found.interval[1] - found.difference) / error;
    expect(quantile).toBeGreaterThan(1.96);
    expect(quantile).toBeLessThan(2);
  }
});

test('two contributions sum to a gain: by the history, and by all other items', async () => {
  for (const cell of comparison.cells.slice(1)) {
    const { history, others } = cell.contributions!['ndcg@5']!;

    expect(history.gain! + others.gain!).toBeCloseTo(cell.againstBaseline!['ndcg@5']!.gain!, 10);
    expect(history.gain).toBeCloseTo(await gainByHistory(cell), 10);
  }
  expect(comparison.cells[0]!.contributions).toBeUndefined();
});

/** The mean, over users and seeds, of what the history's new places gain before and after the others took theirs. */
async function gainByHistory(cell: Cell): Promise<number> {
  const baseline = comparison.cells[0]!;
  const gains: number[] = [];
  const before: number[] = [];
  for (const seed of [1, 2]) {
    const [oldAll, oldOthers] = [
      await ranksOf(baseline, seed, 'test'),
      await ranksOf(baseline, seed, 'masked test'),
    ];
    const others = await ranksOf(cell, seed, 'masked test');
    for (const [user, rank] of (await ranksOf(cell, seed, 'test')).entries()) {
      const [was, is] = [oldAll[user]! - oldOthers[user]!, rank - others[user]!];
      const gainAt = (place: number) => ndcgAt5(place + is) - ndcgAt5(place + was);
      gains.push((gainAt(oldOthers[user]!) + gainAt(others[user]!)) / 2);
      before.push(ndcgAt5(oldAll[user]!));
    }
  }
  return mean(gains) / mean(before);
}

test('tuning tries the same combinations for all, and takes what is best on validation', () => {
  for (const strategy of ['uniform', 'stochastic']) {
    const trials = comparison.trials.filter((trial) => trial.strategy === strategy);
    expect(trials).toHaveLength(2);
    const best = trials.filter(({ isBest }) => isBest);
    expect(best).toHaveLength(1);
    expect(best[0]!.validation).toBe(Math.max(...trials.map(({ validation }) => validation)));
    const cell = comparison.cells.find(({ model }) => model === strategy)!;
    const { learningRate, poolSize } = best[0]!.settings;
    expect(cell.settings).toMatchObject({ learningRate });
    if (poolSize) expect(cell.settings).toMatchObject({ negatives: { size: poolSize } });
  }
});

test('a trial is judged by its best epoch on validation, and leaves no weights', async () => {
  const run = join(config.settings.output, 'dense', 'seed-1');
  const lines = await readFile(join(run, 'metrics', 'align-uniform-trial-1.jsonl'), 'utf8');
  const epochs = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line)['validation ndcg@10']);

  expect(comparison.trials[0]!.validation).toBe(Math.max(...epochs));
  await expect(stat(join(run, 'checkpoints', 'align-uniform-trial-1.safetensors'))).rejects.toThrow(
    'ENOENT',
  );
});

test('a trial is made with its own strategy and settings', async () => {
  const metrics = join(config.settings.output, 'dense', 'seed-1', 'metrics');
  for (const [index, { settings }] of comparison.trials.slice(2).entries()) {
    const text = await readFile(join(metrics, `align-stochastic-trial-${index + 1}.jsonl`), 'utf8');

    // Each of a pool's items is drawn as often as any other.
    const logged = JSON.parse(text.split('\n')[0]!)['logq/rejected'];
    expect(logged).toBeCloseTo(-Math.log(settings.poolSize!), 6);
  }
});

test('only what draws negatives has rates of wrong ones', () => {
  const [pretrained, uniform, stochastic] = comparison.cells;
  expect(pretrained!.negatives).toBeUndefined();
  for (const { negatives } of [uniform!, stochastic!]) {
    expect(negatives!.falseNegativeRate).toBeGreaterThan(0);
    expect(negatives!.falseNegativeRate).toBeLessThan(1);
    // What lies before the window is not kept out.
    expect(negatives!.historyRate).toBeLessThan(0.1);
  }
  expect(stochastic!.negatives!.falseNegativeRate).toBeGreaterThan(
    uniform!.negatives!.falseNegativeRate!,
  );
});

test('a comparison that is done says the same again, and does nothing', async () => {
  const lines: string[] = [];
  const again = await compare(
    config,
    plainReporter((line) => lines.push(line)),
    options,
  );

  expect(again).toEqual(comparison);
  expect(lines).toEqual([]);
});

test.skipIf(isQuick)('it goes on where it stopped, to the same figures', async () => {
  const own = await tinyComparison({ sweep: { strategy: 'stochastic', poolSizes: [40] } });
  for (const stop of [3, 6, 9]) {
    const dying = plainReporter((line) => {
      if (line.startsWith(`${stop} of `)) throw new Error('the machine went down');
    });
    await expect(compare(own, dying, options)).rejects.toThrow('went down');
  }
  const resumed = await compare(own, silent, options);

  expect(comparable(resumed)).toEqual(comparable(comparison));
});

test('what is lost of a finished comparison is made again, and nothing else', async () => {
  const results = join(config.settings.output, 'dense', 'seed-2', 'results');
  await rm(join(results, 'uniform.json'));
  const lines: string[] = [];
  const mended = await compare(
    config,
    plainReporter((line) => lines.push(line)),
    options,
  );

  expect(comparable(mended)).toEqual(comparable(comparison));
  // Behind one of data, two of pretraining, four trials, and the three strategies of the first seed.
  expect(lines.filter((line) => / of \d+: /.test(line))).toEqual([
    '11 of 13: dense, seed 2, uniform',
  ]);
});

test.skipIf(isQuick)(
  'a comparison may grow by seeds and strategies; what is there stays',
  async () => {
    const more = { name: 'hard', negatives: { from: 'pool', size: 1 } };
    const small = await tinyComparison({ seeds: [1] });
    const { output, strategies } = small.settings;
    await compare(small, silent, options);
    const lines: string[] = [];
    const grown = await compare(
      await tinyComparison({ output, strategies: [...strategies, more] }),
      plainReporter((line) => lines.push(line)),
      options,
    );
    const atOnce = await compare(
      await tinyComparison({ strategies: [...strategies, more] }),
      silent,
      options,
    );

    expect(comparable(grown)).toEqual(comparable(atOnce));
    const done = lines.filter((line) => / of \d+: /.test(line)).map((line) => line.split(': ')[1]);
    expect(done).not.toContain('dense, seed 1, pretraining');
    expect(done).not.toContain('dense, seed 1, uniform');
    expect(done).toContain('dense, seed 2, pretraining');
    expect(done).toContain('dense, seed 1, hard');
  },
);

test.each([
  ['tuning', { tuning: null }],
  ['strategies.uniform.beta', { strategies: [{ name: 'uniform', beta: 7 }] }],
])('another %s is no growth, and is refused by name', async (setting, changes) => {
  const other = await tinyComparison({ output: config.settings.output, ...changes });

  await expect(compare(other, silent, options)).rejects.toThrow(ConfigError);
  await expect(compare(other, silent, options)).rejects.toThrow(
    new RegExp(`other settings \\(.*${setting}: .*--fresh`),
  );
});
