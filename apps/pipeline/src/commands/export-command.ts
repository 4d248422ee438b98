import type { Command } from 'commander';
import { exportBundle } from '../bundle/export-bundle.ts';
import { openFinishedRun } from '../bundle/open-finished-run.ts';
import type { Context } from './context.ts';
import { requireOutside } from './require-outside.ts';

interface Options {
  readonly run: string;
  readonly output: string;
  readonly strategy?: string;
  readonly title?: string;
  readonly attributes?: readonly string[];
  readonly index?: boolean;
  readonly fresh?: boolean;
}

/** `rodpo export`: a trained model as a bundle, which answers without the run. */
export function addExport(program: Command, { reporter, signal }: Context): void {
  program
    .command('export')
    .description('write a trained model as a bundle, which answers without tfjs')
    .requiredOption('--run <folder>', 'the run folder')
    .requiredOption('-o, --output <folder>', 'the bundle')
    .option('--strategy <name>', 'the strategy that aligned it; without it, the pretrained model')
    .option('--title <column>', "of the catalogue's table; without it, the first of its text")
    .option('--attributes <columns>', "of the catalogue's table, for filters: a,b", parseList)
    .option('--index', 'add an index for large catalogues (usearch)')
    .option('--fresh', 'replace a bundle that is there')
    .action(async ({ run: folder, ...options }: Options) => {
      requireOutside(options.output, folder);
      reporter.intro(`rodpo export → ${options.output}`);
      const purpose = 'rodpo export';
      const run = await openFinishedRun(folder, reporter, {
        purpose,
        ...(signal ? { signal } : {}),
      });
      try {
        const { model, itemCount, width, index } = await exportBundle(run, options);
        reporter.say(`${model}: ${itemCount} items of ${width} numbers are in ${options.output}`);
        if (index) reporter.say(`index: recall@10 ${index.recall.toFixed(4)} of the exact scan`);
      } finally {
        await run.close();
      }
    });
}

/** What stands between commas, without the space around it. */
export function parseList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
