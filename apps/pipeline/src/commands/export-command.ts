import { type Command, Option } from 'commander';
import { type ExportOptions, exportBundle } from '../bundle/export-bundle.ts';
import { openFinishedRun } from '../bundle/open-finished-run.ts';
import { ConfigError } from '../config/config.ts';
import type { Run } from '../run/run.ts';
import type { ExportSiteOptions } from '../site/export-site.ts';
import type { Context } from './context.ts';
import { countFrom } from './count-from.ts';
import { requireOutside } from './require-outside.ts';

interface Options {
  readonly run: string;
  readonly output?: string;
  readonly site?: string;
  readonly users?: number;
  readonly pictures?: boolean;
  readonly strategy?: string;
  readonly title?: string;
  readonly attributes?: readonly string[];
  readonly index?: boolean;
  readonly precision: 'float32' | 'float16';
  readonly fresh?: boolean;
}

/** `rodpo export`: a trained model as a bundle, which answers without the run, or as a page that does. */
export function addExport(program: Command, { reporter, signal }: Context): void {
  program
    .command('export')
    .description('write a trained model as a bundle, which answers without tfjs, or as a web page')
    .requiredOption('--run <folder>', 'the run folder')
    .option('-o, --output <folder>', 'the bundle')
    .option('--site <folder>', 'static files of a page that recommends in a browser')
    .option(
      '--users <number>',
      'people whose histories the site names; without it, none',
      countFrom(1),
    )
    .option(
      '--pictures',
      'copy the pictures of the catalogue that lie here into the site, in small',
    )
    .option('--strategy <name>', 'the strategy that aligned it; without it, the pretrained model')
    .option('--title <column>', "of the catalogue's table; without it, the first of its text")
    .option('--attributes <columns>', "of the catalogue's table, for filters: a,b", parseList)
    .option('--index', 'add an index for large catalogues (usearch)')
    .addOption(
      new Option(
        '--precision <type>',
        'of weights and vectors in the files; float16 takes half the bytes',
      )
        .choices(['float32', 'float16'])
        .default('float32'),
    )
    .option('--fresh', 'replace a bundle, or a site, that is there')
    .action(async ({ run: folder, output, site, users, pictures, ...options }: Options) => {
      if (output === undefined && site === undefined) {
        throw new ConfigError('Nothing to write: name a bundle as --output, or a site as --site.');
      }
      if (output !== undefined) requireOutside(output, folder);
      if (site !== undefined) requireOutside(site, folder, '--site');
      reporter.intro(`rodpo export → ${output ?? site}`);
      const purpose = 'rodpo export';
      const run = await openFinishedRun(folder, reporter, {
        purpose,
        ...(signal ? { signal } : {}),
      });
      try {
        if (output !== undefined) await writeOne(run, { ...options, output });
        if (site !== undefined)
          await writeSite(run, {
            ...options,
            site,
            ...(users ? { users } : {}),
            ...(pictures ? { pictures } : {}),
          });
      } finally {
        await run.close();
      }
    });
}

async function writeOne(run: Run, options: ExportOptions): Promise<void> {
  const { model, itemCount, width, index } = await exportBundle(run, options);
  run.reporter.say(`${model}: ${itemCount} items of ${width} numbers are in ${options.output}`);
  if (index) run.reporter.say(`index: recall@10 ${index.recall.toFixed(4)} of the exact scan`);
}

async function writeSite(run: Run, options: ExportSiteOptions): Promise<void> {
  // What builds pages is for this alone.
  const { exportSite } = await import('../site/export-site.ts');
  const models = await exportSite(run, options);
  const names = models.map(({ model }) => model).join(' and ');
  run.reporter.say(`${names}: a page is in ${options.site}. Any web server can hand it out.`);
}

/** What stands between commas, without the space around it. */
export function parseList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
