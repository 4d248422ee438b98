import { type Config, ConfigError } from '../config/config.ts';
import { lockOf } from '../run/folder-lock.ts';
import { openRun, type Run } from '../run/run.ts';
import { type ExtractOptions, extractFeatures } from '../stages/extract.ts';
import { prepare } from '../stages/prepare.ts';
import type { Context } from './context.ts';

/** What the first of several processes does for all. */
const preparing = 'rodpo extract, preparing';

/**
 * `rodpo extract`. Several processes may make shards of one folder: they take turns to prepare it,
 * and each shard is written as a whole. One that makes all shards has the folder to itself.
 *
 * @throws {ConfigError} if the config asks for no modality
 */
export async function extractCommand(
  config: Config,
  options: ExtractOptions,
  context: Context,
): Promise<void> {
  const { image, text } = config.features;
  if (!image && !text) {
    throw new ConfigError('The config asks for no modality. Set features.image or features.text.');
  }
  const isShared = options.shard !== undefined || options.queue !== undefined;
  await (isShared ? extractTogether : extractAlone)(config, options, context);
}

async function extractAlone(
  config: Config,
  options: ExtractOptions,
  { reporter, ...context }: Context,
): Promise<void> {
  const run = await openRun(config, reporter, { ...context, purpose: 'rodpo extract' });
  try {
    await prepareProducts(run);
    await extractFeatures(run, options);
  } finally {
    await run.close();
  }
}

async function extractTogether(
  config: Config,
  options: ExtractOptions,
  { reporter, ...context }: Context,
): Promise<void> {
  const lock = await lockOf(config.output, 'run', {
    ...context,
    purpose: preparing,
    waitsFor: preparing,
  });
  try {
    const owner = { assertOwned: lock.assertOwned, isAlone: false };
    const run = await openRun(config, reporter, { ...context, owner });
    await prepareProducts(run);
    await lock.release();
    await extractFeatures(run, options);
  } finally {
    await lock.release();
  }
}

/** What a simulator sells is made with the interactions. */
async function prepareProducts(run: Run): Promise<void> {
  if (run.config.data.source === 'simulator' && !run.config.catalogue) await prepare(run);
}
