import type { SequenceDataset } from '@rodpo/data';
import { latentTastes, type Storefront, selectTastes, type TasteTable } from '@rodpo/simulator';
import { writeImages } from '@rodpo/simulator/images';
import { datasetFigures } from '../check/dataset-figures.ts';
import { judgeDataset } from '../check/judge-dataset.ts';
import { requireSound } from '../config/judgement.ts';
import { applyConfigSteps, sizeOf } from '../data/apply-config-steps.ts';
import { type Dataset, loadDataset, saveDataset } from '../data/dataset.ts';
import { readSource } from '../data/read-source.ts';
import { saveProducts } from '../features/products.ts';
import type { Run } from '../run/run.ts';

/**
 * Reads or simulates the interactions, takes the config's steps, and saves what they keep in the run
 * folder. What is odd about it is said each time.
 *
 * @throws {ConfigError} if there is no file, or nothing to learn from in it
 */
export async function prepare(run: Run): Promise<Dataset> {
  const known = await loadDataset(run);
  const { dataset, tastes } = known ? { dataset: known } : await fromSource(run);
  const warnings = requireSound(judgeDataset(datasetFigures(dataset, run.config), run.config));
  if (!known) await saveDataset(run, dataset, tastes);
  const { users, items, interactions } = sizeOf(dataset);
  run.reporter.say(
    `prepared ${users} users, ${items} items, ${interactions} interactions ` +
      `(${run.config.data.source})`,
  );
  for (const warning of warnings) run.reporter.say(`WARNING: ${warning}`);
  return dataset;
}

interface Prepared {
  readonly dataset: Dataset;
  /** What the dataset's tastes are worked out from, where a simulation knows them. */
  readonly tastes?: TasteTable;
}

async function fromSource(run: Run): Promise<Prepared> {
  const { dataset: whole, storefront } = await readSource(run.config, run);
  const { dataset } = applyConfigSteps(whole, run.config);
  if (!storefront) return { dataset };
  await saveProducts(run, storefront.products);
  const { data } = run.config;
  if (data.source === 'simulator' && data.images) await drawImages(run, storefront);
  const tastes = tastesFor(dataset, whole, storefront);
  return { dataset: { ...dataset, tastes: latentTastes(tastes) }, tastes };
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
function tastesFor(
  kept: SequenceDataset,
  whole: SequenceDataset,
  { tastes }: Storefront,
): TasteTable {
  const places = (all: readonly string[], some: readonly string[]) => {
    const known = new Map(all.map((id, index) => [id, index]));
    return Int32Array.from(some, (id) => known.get(id)!);
  };
  return selectTastes(
    tastes,
    places(whole.userIds, kept.userIds),
    places(whole.itemIds, kept.itemIds),
  );
}
