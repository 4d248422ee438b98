import { createHash } from 'node:crypto';
import {
  FileDamagedError,
  ifThere,
  isJsonObject,
  readJsonLines,
  readSealedJson,
  writeJsonLines,
} from '@rodpo/files';
import type { Product } from '@rodpo/simulator';
import type { Run } from '../run/run.ts';

const advice =
  "Put the run's own file back, or delete the folder 'data' and give the same command again.";

/**
 * Saves what the simulator sells in the run folder, a product a line: a million in one JSON would be
 * longer than a string can be. The last line has a checksum of the others, and says whose they are.
 *
 * @throws {LockLostError} if the work is another process's now
 */
export async function saveProducts(
  { assertOwned, file, identity }: Pick<Run, 'assertOwned' | 'file' | 'identity'>,
  products: readonly Product[],
): Promise<void> {
  await assertOwned();
  await writeJsonLines(file('data', 'products.jsonl'), sealed(products, identity.inputs));
}

function* sealed(products: readonly Product[], run: string): Generator<object> {
  const hash = createHash('sha256');
  for (const product of products) {
    hash.update(JSON.stringify(product));
    yield product;
  }
  yield { run, sha256: hash.digest('hex') };
}

/**
 * What `saveProducts` saved; or of a run that has them in one JSON file, as they once were.
 *
 * @throws {FileDamagedError} if they are gone or damaged, or those of another simulation
 */
export async function loadProducts(
  run: Pick<Run, 'file' | 'identity'>,
): Promise<readonly Product[]> {
  const whole = run.file('data', 'products.json');
  const former = await ifThere(readSealedJson(whole, advice));
  if (former) return ownProducts(run, whole, former.run, former.products);

  const file = run.file('data', 'products.jsonl');
  const { values, torn } = await readJsonLines(file);
  const products = values.slice(0, -1);
  const seal = values.at(-1);
  const hash = createHash('sha256');
  for (const product of products) hash.update(JSON.stringify(product));
  if (torn || !isJsonObject(seal) || seal.sha256 !== hash.digest('hex')) {
    const problem = values.length > 0 ? 'its checksum does not fit' : 'it is empty, or gone';
    throw new FileDamagedError(file, { problem, advice });
  }
  return ownProducts(run, file, seal.run, products);
}

/** @throws {FileDamagedError} */
function ownProducts(
  { identity }: Pick<Run, 'identity'>,
  file: string,
  run: unknown,
  products: unknown,
): readonly Product[] {
  const isOwn = run === identity.inputs;
  if (isOwn && Array.isArray(products)) return products;
  const problem = isOwn
    ? 'it does not hold products'
    : 'it is of a run with other settings or data';
  throw new FileDamagedError(file, { problem, advice });
}
