import type { SequenceDataset } from '@rodpo/data';
import { writeSealedJson } from '@rodpo/files';
import type { Storefront } from '@rodpo/simulator';
import { writeImages } from '@rodpo/simulator/images';
import { datasetFigures } from '../check/dataset-figures.ts';
import { judgeDataset } from '../check/judge-dataset.ts';
import { requireSound } from '../config/judgement.ts';
import { applyConfigSteps, sizeOf } from '../data/apply-config-steps.ts';
import { type Dataset, loadDataset, saveDataset } from '../data/dataset.ts';
import { readSource } from '../data/read-source.ts';
import { productsFile } from '../features/catalogue.ts';
import type { Run } from '../run/run.ts';

/**
 * Reads or simulates the interactions, takes the config's steps, and saves what they keep in the run
 * folder. What is odd about it is said each time.
 *
 * @throws {ConfigError} if there is no file, or nothing to learn from in it
 */
export async function prepare(run: Run): Promise<Dataset> {
  const known = await loadDataset(run);
  const dataset = known ?? (await fromSource(run));
  const warnings = requireSound(judgeDataset(datasetFigures(dataset, run.config), run.config));
  if (!known) await saveDataset(run, dataset);
  const { users, items, interactions } = sizeOf(dataset);
  run.reporter.say(
    `prepared ${users} users, ${items} items, ${interactions} interactions ` +
      `(${run.config.data.source})`,
  );
  for (const warning of warnings) run.reporter.say(`WARNING: ${warning}`);
  return dataset;
}

async function fromSource(run: Run): Promise<Dataset> {
  const { dataset: whole, storefront } = await readSource(run.config, { signal: run.signal });
  const { dataset } = applyConfigSteps(whole, run.config);
  if (!storefront) return dataset;
  const { products } = storefront;
  await writeSealedJson(productsFile(run), { run: run.identity.inputs, products });
  const { data } = run.config;
  if (data.source === 'simulator' && data.images) await drawImages(run, storefront);
  return { ...dataset, liked: likedIn(dataset, whole, storefront) };
}

async function drawImages(run: Run, { products }: Storefront): Promise<void> {
  const progress = run.reporter.progress('drawing products', products.length, 'images');
  let drawn = 0;
  await writeImages(products, run.file('data', 'images'), {
    onProgress: (done) => {
      run.signal.throwIfAborted();
      progress.advance(done - drawn);
      drawn = done;
    },
  });
  progress.done(`drew ${products.length} product images`);
}

/** True tastes of the users and items that were kept, in their order. */
function likedIn(kept: SequenceDataset, whole: SequenceDataset, { liked }: Storefront): Uint8Array {
  const places = (ids: readonly string[]) => new Map(ids.map((id, index) => [id, index]));
  const users = places(whole.userIds);
  const items = places(whole.itemIds);
  const columns = kept.itemIds.map((id) => items.get(id)!);
  return Uint8Array.from(
    kept.userIds.flatMap((id) => {
      const row = users.get(id)! * whole.itemIds.length;
      return columns.map((column) => liked[row + column]!);
    }),
  );
}
