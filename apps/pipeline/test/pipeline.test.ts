import { readFile } from 'node:fs/promises';
import { readSafetensors } from '@rodpo/files';
import { expect, test } from 'vitest';
import { plainReporter } from '../src/run/reporter.ts';
import { openRun } from '../src/run/run.ts';
import { runPipeline } from '../src/stages/pipeline.ts';
import { summaryTable } from '../src/stages/summary-table.ts';
import { silent, tinyConfig, tinyRun } from './tiny-run.ts';

test('runs from raw data to a table, and leaves everything in the run folder', async () => {
  const run = await tinyRun();
  const summary = await runPipeline(run);

  expect(Object.keys(summary)).toEqual(['pretrained', 'uniform', 'hard', 'stochastic']);
  // Chance is about Σ_{r≤5} 1/log2(r+1) / 120 = .025; the pretrained model knows better.
  expect(summary.pretrained!.test['ndcg@5']).toBeGreaterThan(0.035);
  for (const { test: figures, negatives } of Object.values(summary).slice(1)) {
    expect(figures['hit@20']).toBeGreaterThan(figures['hit@5']!);
    expect(negatives!.falseNegativeRate).toBeGreaterThan(0);
  }
  // A user likes a known small share of the catalogue; what the policy ranks high is liked more.
  const rate = (name: string) => summary[name]!.negatives!.falseNegativeRate;
  expect(rate('uniform')).toBeLessThan(rate('stochastic'));
  expect(rate('stochastic')).toBeLessThan(rate('hard'));
  expect(summaryTable(summary)).toMatch(/^model.*\n─.*\npretrained.*\nuniform.*\nhard.*\nstoch/);

  const read = async (name: string) => JSON.parse(await readFile(run.file(name), 'utf8'));
  expect(await read('config.json')).toEqual(run.config);
  expect(await read('summary.json')).toMatchObject({ uniform: { test: summary.uniform!.test } });
  expect((await read('versions.json')).engine).toBe('onnxruntime');
  expect((await run.logged('pretrain')).length).toBe(6);
  expect((await run.logged('align-hard'))[0]).toMatchObject({ epoch: 1 });
  const { tensors } = await readSafetensors(run.file('results', 'stochastic.safetensors'));
  const { test: ranks } = tensors;
  expect(Math.min(...ranks!.data)).toBeGreaterThanOrEqual(1);
  const hits = ranks!.data.filter((rank) => rank <= 5).length;
  expect(hits / ranks!.data.length).toBeCloseTo(summary.stochastic!.test['hit@5']!, 12);
  expect(await read('results/stochastic.json')).toMatchObject({ test: summary.stochastic!.test });
  await expect(readFile(run.file('metrics', 'align-hard.jsonl'), 'utf8')).resolves.toMatch(
    /^\{"stage":"align-hard","epoch":1,.*\}\n\{"stage":"align-hard","epoch":2,.*\}\n$/,
  );
});

test('equal seeds give equal bits; another seed gives another result', async () => {
  const short = { pretrain: { maxEpochs: 1 }, align: { maxEpochs: 1 } };
  const [first, second] = [await tinyRun(short), await tinyRun(short)];
  const other = await openRun({ ...(await tinyConfig(short)), seed: 2 }, silent);

  const summary = await runPipeline(first);
  expect(await runPipeline(second)).toEqual(summary);
  for (const name of ['pretrain', 'align-stochastic']) {
    const file = `checkpoints/${name}.safetensors`;
    expect(await readFile(first.file(file))).toEqual(await readFile(second.file(file)));
  }
  expect(await runPipeline(other)).not.toEqual(summary);
});

test('an interrupted run goes on, and ends as an uninterrupted one', async () => {
  const whole = await tinyRun();
  const expected = await runPipeline(whole);

  const config = await tinyConfig();
  let lines = 0;
  const interrupting = plainReporter(() => {
    if (++lines === 7) throw new Error('interrupted');
  });
  const dying = await openRun(config, interrupting);
  await expect(runPipeline(dying)).rejects.toThrow('interrupted');
  await dying.close();
  const resumed = await openRun(config, silent);

  expect((await resumed.logged('pretrain')).length).toBeGreaterThan(0);
  expect(await runPipeline(resumed)).toEqual(expected);
  const figures = async (run: typeof whole) =>
    (await run.logged('pretrain')).map(({ epoch, loss }) => ({ epoch, loss }));
  expect(await figures(resumed)).toEqual(await figures(whole));
});

test('a finished run is kept, unless it is asked for afresh', async () => {
  const config = await tinyConfig({ pretrain: { maxEpochs: 1 }, align: { maxEpochs: 1 } });
  const first = await openRun(config, silent);
  const summary = await runPipeline(first);
  await first.close();
  const said: string[] = [];
  const again = await openRun(
    config,
    plainReporter((line) => said.push(line)),
  );

  expect(await runPipeline(again)).toEqual(summary);
  expect(said.join('\n')).toMatch(/pretrain: kept from an earlier run/);
  await again.close();
  const changed = { ...config, seed: 9 };
  await expect(openRun(changed, silent)).rejects.toThrow(
    /other settings \(seed: \d+, now 9\)\. .*--fresh/,
  );
  const fresh = await openRun(changed, silent, { fresh: true });
  expect(await fresh.logged('pretrain')).toEqual([]);
});
