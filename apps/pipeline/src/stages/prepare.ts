import { kCore, readInter, readSequences, type SequenceDataset } from '@rodpo/data';
import { isMissing, writeSealedJson } from '@rodpo/files';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { type Storefront, simulateStorefront } from '@rodpo/simulator';
import { writeImages } from '@rodpo/simulator/images';
import { ConfigError } from '../config/config.ts';
import { checkDataset } from '../data/check-dataset.ts';
import { type Dataset, loadDataset, saveDataset } from '../data/dataset.ts';
import { productsFile } from '../features/catalogue.ts';
import type { Run } from '../run/run.ts';

/**
 * Reads or simulates the interactions, keeps the k-core, and saves them in the run folder. What is
 * odd about them is said each time.
 *
 * @throws {ConfigError} if there is no file, or nothing to learn from in it
 */
export async function prepare(run: Run): Promise<Dataset> {
  const known = await loadDataset(run);
  const { data } = run.config;
  const dataset =
    known ?? (data.source === 'simulator' ? await simulated(run) : await fromFile(run));
  const warnings = checkDataset(dataset, run.config);
  if (!known) await saveDataset(run, dataset);
  describe(run, dataset);
  for (const warning of warnings) run.reporter.say(`WARNING: ${warning}`);
  return dataset;
}

function describe(run: Run, dataset: Dataset): void {
  const clicks = dataset.sequences.reduce((total, { length }) => total + length, 0);
  run.reporter.say(
    `prepared ${dataset.userIds.length} users, ${dataset.itemIds.length} items, ` +
      `${clicks} interactions (${run.config.data.source})`,
  );
}

/** @throws {ConfigError} if the file is not there */
async function fromFile({ config }: Run): Promise<Dataset> {
  const { data, kCore: thresholds } = config;
  if (data.source === 'simulator') throw new TypeError('The simulator reads no file.');
  const reading =
    data.source === 'sequences' ? readSequences(data.path) : readInter(data.path, data.fields);
  const dataset = await reading.catch((cause: unknown) => {
    if (!isMissing(cause)) throw cause;
    throw new ConfigError(
      `data.path: there is no file ${data.path}. No data comes with the app: bring the file, and ` +
        'give its path relative to the config.',
      { cause },
    );
  });
  return kCore(dataset, thresholds);
}

async function simulated(run: Run): Promise<Dataset> {
  const { data, seed, kCore: thresholds } = run.config;
  if (data.source !== 'simulator') throw new TypeError('The data source is not the simulator.');
  const { userCount, itemCount } = data;
  const random = seededRandom(deriveSeed(seed, 'storefront'));
  const storefront = simulateStorefront({ userCount, itemCount }, random);
  const { products } = storefront;
  await writeSealedJson(productsFile(run), { run: run.identity.inputs, products });
  if (data.images) await drawImages(run, storefront);

  const itemIds = products.map(({ id }) => id);
  const { userIds, sequences, times } = storefront;
  const whole = { userIds, itemIds, sequences, times };
  const dataset = kCore(whole, thresholds);
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
