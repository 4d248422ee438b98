import { kCore, readInter, readSequences, type SequenceDataset } from '@rodpo/data';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { type Storefront, simulateStorefront } from '@rodpo/simulator';
import { writeImages } from '@rodpo/simulator/images';
import { type Dataset, loadDataset, saveDataset } from '../data/dataset.ts';
import { type Run, writeJson } from '../run/run.ts';

/** Reads or simulates the interactions, keeps the k-core, and saves them in the run folder. */
export async function prepare(run: Run): Promise<Dataset> {
  const known = await loadDataset(run);
  if (known) return described(run, known);
  const { data } = run.config;
  const dataset = data.source === 'simulator' ? await simulated(run) : await fromFile(run);
  await saveDataset(run, dataset);
  return described(run, dataset);
}

function described(run: Run, dataset: Dataset): Dataset {
  const clicks = dataset.sequences.reduce((total, { length }) => total + length, 0);
  run.reporter.say(
    `prepared ${dataset.userIds.length} users, ${dataset.itemIds.length} items, ` +
      `${clicks} interactions (${run.config.data.source})`,
  );
  return dataset;
}

async function fromFile({ config }: Run): Promise<Dataset> {
  const { data, kCore: thresholds } = config;
  if (data.source === 'sequences') return kCore(await readSequences(data.path), thresholds);
  if (data.source === 'inter') return kCore(await readInter(data.path, data.fields), thresholds);
  throw new TypeError(`No file to read for the data source '${data.source}'.`);
}

async function simulated(run: Run): Promise<Dataset> {
  const { data, seed, kCore: thresholds } = run.config;
  if (data.source !== 'simulator') throw new TypeError('The data source is not the simulator.');
  const { userCount, itemCount } = data;
  const random = seededRandom(deriveSeed(seed, 'storefront'));
  const storefront = simulateStorefront({ userCount, itemCount }, random);
  await writeJson(run.file('data', 'products.json'), storefront.products);
  if (data.images) await drawImages(run, storefront);

  const itemIds = storefront.products.map(({ id }) => id);
  const whole = { userIds: storefront.userIds, itemIds, sequences: storefront.sequences };
  const dataset = kCore(whole, thresholds);
  return { ...dataset, liked: likedIn(dataset, whole, storefront) };
}

async function drawImages(run: Run, { products }: Storefront): Promise<void> {
  const progress = run.reporter.progress('drawing products', products.length);
  let drawn = 0;
  await writeImages(products, run.file('data', 'images'), {
    onProgress: (done) => {
      progress.advance(done - drawn);
      drawn = done;
    },
  });
  progress.done(`drew ${products.length} product images`);
}

/** True tastes of the users and items that the k-core kept, in its order. */
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
