import { type Command, Option } from 'commander';
import type { ServeOptions } from '../serve/serve.ts';
import type { Context } from './context.ts';
import { countFrom } from './count-from.ts';

interface Options extends Omit<ServeOptions, 'bodyLimitBytes' | 'index'> {
  readonly approximate?: boolean;
  readonly bodyLimit?: number;
}

/** `rodpo serve`: a bundle answers over HTTP, until it is asked to end. */
export function addServe(
  program: Command,
  { signal = new AbortController().signal }: Context,
): void {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
  program
    .command('serve')
    .description('answer over HTTP from a bundle')
    .requiredOption('--bundle <folder>', "what 'rodpo export' wrote, or a link to it")
    .option('--host <address>', 'where to listen; 0.0.0.0 for every address', '127.0.0.1')
    .option('--port <number>', '0 takes one that is free', countFrom(0, 65_535), 8080)
    .option('--workers <number>', 'processes that answer, each with the bundle', countFrom(1), 1)
    .addOption(
      new Option('--token <token>', 'what clients must show; better in the environment').env(
        'RODPO_TOKEN',
      ),
    )
    .option('--window-ms <number>', 'how long a request waits for others', countFrom(0), 2)
    .option('--batch-size <number>', 'requests that are answered together', countFrom(1), 64)
    .option('--queue-size <number>', 'requests that may wait', countFrom(1), 1024)
    .option(
      '--timeout-ms <number>',
      'in which a request is answered or given up',
      countFrom(1),
      10_000,
    )
    .option('--body-limit <bytes>', 'largest body of a request', countFrom(1), 2 ** 20)
    .option('--approximate', "ask the bundle's index in place of every item")
    .option(
      '--threads <number>',
      'of onnxruntime in each worker; without it, its own',
      countFrom(1),
    )
    .addOption(new Option('--log-level <level>', 'what is logged').choices(levels).default('info'))
    .action(async ({ bodyLimit, approximate = false, ...options }: Options) => {
      // The service's libraries are for this command alone.
      const { serve } = await import('../serve/serve.ts');
      const index = approximate ? 'approximate' : 'exact';
      const limit = bodyLimit === undefined ? {} : { bodyLimitBytes: bodyLimit };
      await serve({ ...options, ...limit, index }, signal);
    });
}
