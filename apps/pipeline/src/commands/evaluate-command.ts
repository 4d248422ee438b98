import type { Config } from '../config/config.ts';
import { baseline } from '../config/config-problems.ts';
import { lockOf } from '../run/folder-lock.ts';
import { openRun, type Run } from '../run/run.ts';
import { evaluate, type Summary, summarise } from '../stages/evaluate.ts';
import { joinTogether, rankTogether, type SharedEvaluation } from '../stages/evaluate-together.ts';
import { rankShards } from '../stages/rank-shards.ts';
import { preparedDataset, trainedModels } from '../stages/results.ts';
import { summaryTable } from '../stages/summary-table.ts';
import { withWorkspace } from '../stages/workspace.ts';
import type { Context } from './context.ts';

/** What processes that share the ranking hold the folder for, for a moment. */
const joining = 'rodpo evaluate, joining';

/**
 * `rodpo evaluate`. Several processes may rank the users of one run, each shard of them as a whole; whoever finds
 * all of them ranked writes what they come to. One that ranks all has the folder to itself.
 */
export async function evaluateCommand(
  config: Config,
  options: SharedEvaluation,
  context: Context,
): Promise<void> {
  const isShared = options.shard !== undefined || options.queue !== undefined;
  await (isShared ? evaluateTogether(config, options, context) : evaluateAlone(config, context));
}

async function evaluateAlone(config: Config, { reporter, ...context }: Context): Promise<void> {
  const run = await openRun(config, reporter, { ...context, purpose: 'rodpo evaluate' });
  try {
    reporter.say(`engine: ${run.engine.name}`);
    const models = await modelsOf(run);
    const dataset = await preparedDataset(run);
    print(run, await withWorkspace(run, dataset, (workspace) => evaluate(run, workspace, models)));
  } finally {
    await run.close();
  }
}

async function evaluateTogether(
  config: Config,
  options: SharedEvaluation,
  { reporter, ...context }: Context,
): Promise<void> {
  const hold = () =>
    lockOf(config.output, 'run', { ...context, purpose: joining, waitsFor: joining });
  const opening = await hold();
  // Shards are written as a whole, each by whoever it belongs to.
  const owner = { assertOwned: async () => {}, isAlone: false };
  const run = await openRun(config, reporter, { ...context, owner }).finally(opening.release);
  reporter.say(`engine: ${run.engine.name}`);
  const models = await modelsOf(run);
  const dataset = await preparedDataset(run);
  const shards = await withWorkspace(run, dataset, async (workspace) => {
    const { validation, test } = workspace.split;
    const cases = { validation: validation.length, test: test.length };
    const all = rankShards(models, cases);
    const ranker = await workspace.evaluation(models[baseline]!);
    await rankTogether({ run, ranker, models, shards: all, cases }, options);
    return all;
  });
  const lock = await hold();
  try {
    const figures = await joinTogether(run, shards);
    if (figures) print(run, await summarise(run, figures));
    else reporter.say('other shards are still missing');
  } finally {
    await lock.release();
  }
}

function modelsOf(run: Run) {
  const names = [baseline, ...run.config.align.strategies.map(({ name }) => name)];
  return trainedModels(run, names);
}

function print(run: Run, summary: Summary): void {
  run.reporter.print(summaryTable(summary));
}
