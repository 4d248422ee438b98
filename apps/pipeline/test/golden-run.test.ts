import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { openRun, type Run } from '../src/run/run.ts';
import { runPipeline } from '../src/stages/pipeline.ts';
import { prepare } from '../src/stages/prepare.ts';
import { goldenConfig, goldenRuns } from './golden/golden-config.ts';
import { writeGoldenInputs } from './golden/golden-inputs.ts';
import { silent } from './tiny-run.ts';
import { type WatchedStep, watchedEngine } from './watched-engine.ts';

/** What `bench/peers/align_torch.py` computed, in float64 and without a line of ours. */
interface Golden {
  readonly versions: Readonly<Record<string, string>>;
  readonly stages: Readonly<Record<string, Trajectory>>;
  readonly table: Readonly<Record<string, Part>>;
}
interface Trajectory {
  readonly bestEpoch: number;
  readonly epochs: number;
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
}
type Part = Readonly<Record<'validation' | 'test', Readonly<Record<string, number>>>>;

const names = Object.keys(goldenRuns) as (keyof typeof goldenRuns)[];
const folder = process.env.GOLDEN_INPUTS;

test.skipIf(!folder)('writes the inputs of the independent runs into GOLDEN_INPUTS', async () => {
  for (const name of names) {
    const run = await openRun(await goldenConfig(name), silent);
    await writeGoldenInputs(`${folder}/${name}.json`, run, await prepare(run));
  }
});

describe.each(names)('%s', (name) => {
  let golden: Golden;
  let run: Run;
  let steps: readonly WatchedStep[];
  let summary: Awaited<ReturnType<typeof runPipeline>>;

  beforeAll(async () => {
    golden = JSON.parse(await readFile(new URL(`golden/${name}.json`, import.meta.url), 'utf8'));
    const opened = await openRun(await goldenConfig(name), silent);
    const engine = watchedEngine(opened.engine);
    run = { ...opened, engine };
    summary = await runPipeline(run);
    steps = engine.steps;
  }, 300_000);

  test('every loss and every gradient norm is that of PyTorch', async () => {
    let [first, worst] = [0, 0];
    for (const { losses, gradientNorms } of Object.values(golden.stages)) {
      const own = steps.slice(first, first + losses.length);
      for (const [index, step] of own.entries()) {
        worst = Math.max(worst, Math.abs(step.outputs.loss![0]! / losses[index]! - 1));
        worst = Math.max(worst, Math.abs(gradientNorm(step) / gradientNorms[index]! - 1));
      }
      first += losses.length;
    }
    expect(steps).toHaveLength(first);
    // float32 against float64: 2e-7 by softmax and 2e-5 by gBCE, whose gradients of rarely drawn
    // items are so small that Adam enlarges their rounding. One other draw moves a loss by 1e-3,
    // and all that follow.
    expect(worst).toBeLessThan(1e-4);
  });

  test('every stage stops at the same epoch, and keeps the same', async () => {
    for (const [stage, { epochs, bestEpoch }] of Object.entries(golden.stages)) {
      const logged = await run.logged(stage === 'pretrain' ? stage : `align-${stage}`);
      const figures = logged.map((entry) => Number(entry['validation ndcg@10']));

      expect(logged, stage).toHaveLength(epochs);
      expect(figures.indexOf(Math.max(...figures)) + 1, stage).toBe(bestEpoch);
    }
  });

  test('the table is that of PyTorch', () => {
    expect(Object.keys(summary)).toEqual(Object.keys(golden.table));
    for (const [model, parts] of Object.entries(golden.table)) {
      for (const part of ['validation', 'test'] as const) {
        for (const [metric, value] of Object.entries(parts[part])) {
          const figure = summary[model]![part][metric]!;
          expect(Math.abs(figure - value), `${model} ${part} ${metric}`).toBeLessThan(1e-4);
        }
      }
      const gain = parts.test['ndcg@5']! / golden.table.pretrained!.test['ndcg@5']! - 1;
      expect(Math.abs(summary[model]!.gain['ndcg@5']! - gain), model).toBeLessThan(1e-3);
    }
  });
});

/** Of all parameters together, from Adam's first moments. */
function gradientNorm({ before, after }: WatchedStep): number {
  let sum = 0;
  for (const name of Object.keys(before).filter((key) => key.includes('adam.first.'))) {
    const old = before[name]!.data;
    for (const [index, moment] of after[name]!.data.entries()) {
      sum += ((moment - 0.9 * old[index]!) / 0.1) ** 2;
    }
  }
  return Math.sqrt(sum);
}
