#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, InvalidArgumentError } from 'commander';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { runPipeline } from './pipeline.ts';
import { createReporter } from './run/reporter.ts';
import { openRun, type Run } from './run/run.ts';
import { align } from './stages/align.ts';
import { evaluate } from './stages/evaluate.ts';
import { prepare } from './stages/prepare.ts';
import { pretrain } from './stages/pretrain.ts';
import { preparedDataset, trainedModels } from './stages/results.ts';
import { summaryTable } from './summary-table.ts';

interface Options {
  readonly config?: string;
  readonly output?: string;
  readonly engine?: Config['engine']['kind'];
  readonly seed?: number;
  readonly fresh?: boolean;
}

const { version } = createRequire(import.meta.url)('../package.json');

const program = new Command('rodpo')
  .description('Pretrain, align and evaluate sequential recommenders.')
  .version(version);

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('-c, --config <file>', 'settings as JSON; without it, every default')
    .option('-o, --output <folder>', 'run folder, in place of the config’s')
    .option('-e, --engine <kind>', 'onnxruntime or tfjs, in place of the config’s', parseEngine)
    .option('-s, --seed <number>', 'in place of the config’s', parseSeed);
}

function stage(name: string, description: string, work: (run: Run) => Promise<void>): void {
  command(name, description)
    .option('--fresh', 'replace the run folder if it exists')
    .action(async (options: Options) => {
      const reporter = createReporter();
      const config = await configured(options);
      reporter.intro(`rodpo ${name} → ${config.output}`);
      const run = await openRun(config, reporter, options);
      reporter.say(`engine: ${run.engine.name}`);
      await work(run);
    });
}

stage('run', 'all stages: prepare, pretrain, align, evaluate', async (run) => {
  const started = performance.now();
  run.reporter.print(summaryTable(await runPipeline(run)));
  const seconds = (performance.now() - started) / 1000;
  run.reporter.say(`done in ${seconds.toFixed(0)} s; everything is in ${run.file()}`);
});

stage('prepare', 'read or simulate the interactions', async (run) => {
  await prepare(run);
});

stage('pretrain', 'teach the encoder what comes next', async (run) => {
  await pretrain(run, await preparedDataset(run));
});

stage('align', 'align the pretrained encoder with every strategy', async (run) => {
  const dataset = await preparedDataset(run);
  const { pretrained } = await trainedModels(run, ['pretrained']);
  for (const strategy of run.config.align.strategies) {
    await align(run, dataset, pretrained!, strategy);
  }
});

stage('evaluate', 'rank the held-out items under every model', async (run) => {
  const names = ['pretrained', ...run.config.align.strategies.map(({ name }) => name)];
  const models = await trainedModels(run, names);
  run.reporter.print(summaryTable(await evaluate(run, await preparedDataset(run), models)));
});

command('config', 'print the settings of a run with every default').action(
  async (options: Options) => {
    process.stdout.write(`${JSON.stringify(await configured(options), null, 2)}\n`);
  },
);

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

function parseSeed(value: string): number {
  const seed = Number(value);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError('Expected a whole number, 0 or more.');
}

/** Errors a user can act on say so in their message; others keep their stack. */
const actionable = [ConfigError, RangeError, TypeError];

try {
  await program.parseAsync();
} catch (error) {
  const named = error as Error;
  const isActionable =
    actionable.some((kind) => error instanceof kind) ||
    ['DataFormatError', 'SafetensorsError', 'MissingStageError'].includes(named.name);
  process.stderr.write(`${isActionable ? `error: ${named.message}` : named.stack}\n`);
  process.exitCode = 1;
}
