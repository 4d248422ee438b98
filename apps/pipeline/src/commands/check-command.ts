import { ActionableError } from '@rodpo/errors';
import { writeAtomically } from '@rodpo/files';
import type { Command } from 'commander';
import { checkData } from '../check/check-data.ts';
import { checkPage } from '../check/check-page.ts';
import type { CheckReport } from '../check/check-report.ts';
import { terminalReport } from '../check/terminal-report.ts';
import { loadConfig } from '../config/config.ts';
import type { Context } from './context.ts';
import { parseSeed } from './parse-seed.ts';
import { requireOutside } from './require-outside.ts';

interface Options {
  readonly config?: string;
  readonly seed?: number;
  readonly output?: string;
  readonly json?: boolean;
}

/** The report has an error: nothing can come of a run with this config. */
class CheckFailed extends ActionableError {
  override readonly name = 'CheckFailed';

  constructor(errors: number) {
    super(
      `The check found ${errors === 1 ? 'an error' : `${errors} errors`}: see above. A run would ` +
        'end with it. Mend the data or the config.',
    );
  }
}

/** `rodpo check`: what the data is, before any training. It opens no run and loads no engine. */
export function addCheck(program: Command, { reporter, signal }: Context): void {
  program
    .command('check')
    .description('report on the data and the config, before any training')
    .option('-c, --config <file>', 'settings as JSON; without it, every default')
    .option('-s, --seed <number>', "in place of the config's", parseSeed)
    .option('-o, --output <file>', 'also write the report as one page of HTML')
    .option('--json', 'print the report as JSON, and nothing else')
    .action(async (options: Options) => {
      const { seed, output, json = false } = options;
      const config = {
        ...(await loadConfig(options.config)),
        ...(seed === undefined ? {} : { seed }),
      };
      if (output !== undefined) requireOutside(output, config.output);
      const report = await checkData(config, {
        ...(signal ? { signal } : {}),
        ...(json ? {} : { reporter }),
      });
      reporter.print(json ? JSON.stringify(report, null, 2) : terminalReport(report));
      if (output !== undefined) {
        await writeAtomically(output, await checkPage(report, commandOf(options)));
        if (!json) reporter.say(`the page is ${output}`);
      }
      requireNoErrors(report);
    });
}

function requireNoErrors({ judgements }: CheckReport): void {
  const errors = judgements.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) throw new CheckFailed(errors);
}

function commandOf({ config, seed }: Options): string {
  const set = Object.entries({ config, seed }).filter(([, value]) => value !== undefined);
  return ['rodpo check', ...set.map(([name, value]) => `--${name} ${value}`)].join(' ');
}
