import { createRequire } from 'node:module';
import { Command, InvalidArgumentError } from 'commander';
import { type Config, loadConfig } from '../config/config.ts';
import { requireStrategies } from '../config/require-strategies.ts';
import type { Reporter } from '../run/reporter.ts';
import { openRun, type Run } from '../run/run.ts';
import { align } from '../stages/align.ts';
import { download } from '../stages/download.ts';
import type { SharedEvaluation } from '../stages/evaluate-together.ts';
import type { ExtractOptions } from '../stages/extract.ts';
import { runPipeline } from '../stages/pipeline.ts';
import { prepare } from '../stages/prepare.ts';
import { pretrain } from '../stages/pretrain.ts';
import { preparedDataset, trainedModels } from '../stages/results.ts';
import { summaryTable } from '../stages/summary-table.ts';
import { withWorkspace } from '../stages/workspace.ts';
import { addCheck } from './check-command.ts';
import { addCompare } from './compare-command.ts';
import type { Context } from './context.ts';
import { evaluateCommand } from './evaluate-command.ts';
import { addExport } from './export-command.ts';
import { extractCommand } from './extract-command.ts';
import { parseSeed } from './parse-seed.ts';
import { addRecommend } from './recommend-command.ts';
import { requirePaths } from './require-paths.ts';
import { addServe } from './serve-command.ts';
import { addStudio } from './studio-command.ts';

interface Options {
  readonly config?: string;
  readonly output?: string;
  readonly engine?: Config['engine']['kind'];
  readonly seed?: number;
  readonly fresh?: boolean;
}

const { version } = createRequire(import.meta.url)('../../package.json');

/** The `rodpo` command: every stage alone, all of them in order, grids of them, and the settings. */
export function createCommandLine(reporter: Reporter, signal?: AbortSignal): Command {
  const context: Context = { reporter, ...(signal ? { signal } : {}) };
  const program = new Command('rodpo')
    .description('Pretrain, align and evaluate sequential recommenders.')
    .version(version);

  for (const [name, { description, work, isFirst = false }] of Object.entries(stages)) {
    const command = withSettings(program.command(name).description(description));
    if (isFirst) command.option('--fresh', 'replace the run folder if it exists');
    command.action((options: Options) => withRun(name, options, context, work));
  }

  addCheck(program, context);
  addExtract(program, context);
  addEvaluate(program, context);
  addCompare(program, context);
  addExport(program, context);
  addRecommend(program, context);
  addServe(program, context);
  addStudio(program, context);

  withSettings(
    program.command('config').description('print the settings of a run with every default'),
  ).action(async (options: Options) => {
    const config = await configured(options);
    requireStrategies(config);
    reporter.print(JSON.stringify(config, null, 2));
  });
  requirePaths(program);
  return program;
}

/** Opens the run, and closes it whatever happens. */
async function withRun(
  name: string,
  options: Options,
  { reporter, signal }: Context,
  work: (run: Run) => Promise<void>,
): Promise<void> {
  const { fresh } = options;
  const config = await configured(options);
  if (name !== 'prepare' && name !== 'download') requireStrategies(config);
  reporter.intro(`rodpo ${name} → ${config.output}`);
  const run = await openRun(config, reporter, {
    purpose: `rodpo ${name}`,
    ...(signal ? { signal } : {}),
    ...(fresh === undefined ? {} : { fresh }),
  });
  try {
    reporter.say(`engine: ${run.engine.name}`);
    await work(run);
  } finally {
    await run.close();
  }
}

function addExtract(program: Command, context: Context): void {
  withSettings(program.command('extract').description('item vectors from images and texts'))
    .option('--shard <i/n>', 'only every n-th shard, from the i-th on', parseShard)
    .option('--queue <url>', 'share the shards with other processes by a queue on Redis')
    .option('--retry-failed', 'send shards that the queue gave up again')
    .option('--strict', 'stop at the first item that cannot be used')
    .action(async (options: Options & ExtractOptions) => {
      const config = await configured(options);
      context.reporter.intro(`rodpo extract → ${config.output}`);
      await extractCommand(config, options, context);
    });
}

function addEvaluate(program: Command, context: Context): void {
  const description = 'rank the held-out items under every model';
  withSettings(program.command('evaluate').description(description))
    .option('--shard <i/n>', 'only every n-th shard of the users, from the i-th on', parseShard)
    .option('--queue <url>', 'share the users with other processes by a queue on Redis')
    .option('--retry-failed', 'send shards that the queue gave up again')
    .action(async (options: Options & SharedEvaluation) => {
      const config = await configured(options);
      requireStrategies(config);
      context.reporter.intro(`rodpo evaluate → ${config.output}`);
      await evaluateCommand(config, options, context);
    });
}

interface Stage {
  readonly description: string;
  /** Needs nothing of an earlier one, so that it can begin a run anew. Default false. */
  readonly isFirst?: boolean;
  readonly work: (run: Run) => Promise<void>;
}

const stages: Readonly<Record<string, Stage>> = {
  run: {
    description: 'all stages: prepare, pretrain, align, evaluate',
    work: runAll,
    isFirst: true,
  },
  prepare: {
    isFirst: true,
    description: 'read or simulate the interactions',
    work: async (run) => void (await prepare(run)),
  },
  download: {
    description: 'fetch the images of a catalogue of addresses',
    work: download,
    isFirst: true,
  },
  pretrain: {
    description: 'teach the encoder what comes next',
    work: pretrainAlone,
  },
  align: { description: 'align the pretrained encoder with every strategy', work: alignAll },
};

async function runAll(run: Run): Promise<void> {
  const started = performance.now();
  run.reporter.print(summaryTable(await runPipeline(run)));
  const seconds = (performance.now() - started) / 1000;
  run.reporter.say(`done in ${seconds.toFixed(0)} s; everything is in ${run.file()}`);
}

async function pretrainAlone(run: Run): Promise<void> {
  const dataset = await preparedDataset(run);
  requireStrategies(run.config, dataset.itemIds.length);
  await withWorkspace(run, dataset, async (workspace) => {
    await pretrain(run, workspace);
  });
}

async function alignAll(run: Run): Promise<void> {
  const dataset = await preparedDataset(run);
  requireStrategies(run.config, dataset.itemIds.length);
  const { pretrained } = await trainedModels(run, ['pretrained']);
  await withWorkspace(run, dataset, async (workspace) => {
    for (const strategy of run.config.align.strategies) {
      await align(run, workspace, pretrained!, strategy);
    }
  });
}

function withSettings(command: Command): Command {
  return command
    .option('-c, --config <file>', 'settings as JSON; without it, every default')
    .option('-o, --output <folder>', "run folder, in place of the config's")
    .option('-e, --engine <kind>', "onnxruntime or tfjs, in place of the config's", parseEngine)
    .option('-s, --seed <number>', "in place of the config's", parseSeed);
}

async function configured({ config: file, output, engine, seed }: Options): Promise<Config> {
  const config = await loadConfig(file);
  return {
    ...config,
    ...(output === undefined ? {} : { output }),
    ...(seed === undefined ? {} : { seed }),
    ...(engine === undefined ? {} : { engine: { ...config.engine, kind: engine } }),
  };
}

function parseEngine(value: string): Config['engine']['kind'] {
  if (value === 'onnxruntime' || value === 'tfjs') return value;
  throw new InvalidArgumentError('Expected onnxruntime or tfjs.');
}

function parseShard(value: string): ExtractOptions['shard'] {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(value) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new InvalidArgumentError('Expected i/n with i from 1 to n, for instance 2/8.');
}
