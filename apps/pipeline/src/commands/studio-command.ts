import type { Command } from 'commander';
import { openFinishedRun } from '../bundle/open-finished-run.ts';
import type { StudioOptions } from '../site/studio.ts';
import type { Context } from './context.ts';
import { countFrom } from './count-from.ts';
import { parseList } from './export-command.ts';

interface Options extends StudioOptions {
  readonly run: string;
}

/** `rodpo studio`: a page of a run's models, until it is asked to end. */
export function addStudio(
  program: Command,
  { reporter, signal = new AbortController().signal }: Context,
): void {
  program
    .command('studio')
    .description('look at the models of a run in a browser')
    .requiredOption('--run <folder>', 'the run folder')
    .option('--strategy <name>', 'the strategy whose model stands beside the pretrained one')
    .option('--users <number>', 'people whose histories can be picked', countFrom(1), 200)
    .option('--pictures', 'show the pictures of the catalogue that lie here')
    .option('--title <column>', "of the catalogue's table; without it, the first of its text")
    .option('--attributes <columns>', "of the catalogue's table: a,b", parseList)
    .option(
      '--host <address>',
      'where to listen; others reach it if it is not this machine',
      '127.0.0.1',
    )
    .option('--port <number>', '0 takes one that is free', countFrom(0, 65_535), 4173)
    .action(async ({ run: folder, ...options }: Options) => {
      reporter.intro(`rodpo studio → ${folder}`);
      const run = await openFinishedRun(folder, reporter, { purpose: 'rodpo studio', signal });
      const { studio } = await import('../site/studio.ts');
      await studio(run, options, { signal, release: () => run.close() }).finally(() => run.close());
    });
}
