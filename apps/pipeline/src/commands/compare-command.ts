import { join } from 'node:path';
import type { Command } from 'commander';
import { compare } from '../compare/compare.ts';
import { loadCompareConfig } from '../compare/compare-config.ts';
import { comparisonText } from '../compare/report/comparison-text.ts';
import { writeReport } from '../compare/report/write-report.ts';
import { ConfigError } from '../config/config.ts';
import type { Context } from './context.ts';

interface Options {
  readonly config?: string;
  readonly output?: string;
  readonly queue?: string;
  readonly retryFailed?: boolean;
  readonly fresh?: boolean;
}

/** `rodpo compare`: a grid of encoders, seeds and strategies, and a report on it. */
export function addCompare(program: Command, context: Context): void {
  program
    .command('compare')
    .description('compare strategies over seeds and encoders, and write a report')
    .option('-c, --config <file>', 'the comparison as JSON; without it, a small one')
    .option('-o, --output <folder>', "in place of the config's")
    .option('--queue <url>', 'share the work with other processes by queues on Redis')
    .option('--retry-failed', 'send what the queue gave up again')
    .option('--fresh', 'replace the comparison if it exists')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, { reporter, signal }: Context): Promise<void> {
  if (options.fresh && options.queue !== undefined) {
    throw new ConfigError(
      '--fresh would remove what other processes are at. Remove the folder before they start.',
    );
  }
  const config = await loadCompareConfig(options.config, options);
  const { output } = config.settings;
  reporter.intro(`rodpo compare → ${output}`);
  const comparison = await compare(config, reporter, {
    ...options,
    ...(signal ? { signal } : {}),
    command: commandOf(options),
  });
  await writeReport(comparison, output);
  reporter.print(comparisonText(comparison));
  reporter.say(`the report is ${join(output, 'report.html')}`);
}

/** With what decides the result: a queue does not, and its address may hold a password. */
function commandOf({ config, output }: Options): string {
  const set = Object.entries({ config, output }).filter(([, value]) => value !== undefined);
  return ['rodpo compare', ...set.map(([name, value]) => `--${name} ${value}`)].join(' ');
}
