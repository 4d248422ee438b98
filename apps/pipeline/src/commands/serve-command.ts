import { requireInteger } from '@rodpo/errors';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ServeOptions } from '../serve/serve.ts';
import type { Context } from './context.ts';

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
    .option('--port <number>', '0 takes one that is free', from(0, 65_535), 8080)
    .option('--workers <number>', 'processes that answer, each with the bundle', from(1), 1)
    .addOption(
      new Option('--token <token>', 'what clients must show; better in the environment').env(
        'RODPO_TOKEN',
      ),
    )
    .option('--window-ms <number>', 'how long a request waits for others', from(0), 2)
    .option('--batch-size <number>', 'requests that are answered together', from(1), 64)
    .option('--queue-size <number>', 'requests that may wait', from(1), 1024)
    .option('--timeout-ms <number>', 'in which a request is answered or given up', from(1), 10_000)
    .option('--body-limit <bytes>', 'largest body of a request', from(1), 2 ** 20)
    .option('--approximate', "ask the bundle's index in place of every item")
    .option('--threads <number>', 'of onnxruntime in each worker; without it, its own', from(1))
    .addOption(new Option('--log-level <level>', 'what is logged').choices(levels).default('info'))
    .action(async ({ bodyLimit, approximate = false, ...options }: Options) => {
      // The service's libraries are for this command alone.
      const { serve } = await import('../serve/serve.ts');
      const index = approximate ? 'approximate' : 'exact';
      const limit = bodyLimit === undefined ? {} : { bodyLimitBytes: bodyLimit };
      await serve({ ...options, ...limit, index }, signal);
    });
}

/** A whole number that is `least` or more. */
const from = (least: number, most?: number) => (value: string) => {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  try {
    requireInteger('It', number, { from: least, ...(most === undefined ? {} : { to: most }) });
    return number;
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
};
