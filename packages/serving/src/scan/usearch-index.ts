import { ActionableError } from '@rodpo/errors';
import type { Bundle } from '../bundle/bundle.ts';
import type { BundleSettings, ManifestIndex } from '../bundle/manifest.ts';
import type { BuildIndex } from '../bundle/write-bundle.ts';
import { orFree } from '../or-free.ts';
import { openReader, type ReadableHistory } from '../reading/history-reader.ts';
import { nativeSessions } from '../reading/native-sessions.ts';
import { wrongTimes } from '../reading/wrong-times.ts';
import { openScan } from './exact-scan.ts';
import { buildIndex, openIndex } from './nearest-index.ts';

export interface IndexOptions {
  /** Whose best items the index must find: what it is measured on. */
  readonly histories: readonly ReadableHistory[];
  /** Share of the ten best items of the exact scan that it must find, from 0 to 1. Default .98. */
  readonly recall?: number;
}

/** No index of these vectors finds enough, or there is nothing that it could be measured on. */
export class IndexError extends ActionableError {
  override readonly name = 'IndexError';
}

const connectivity = 16;
const expansions = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

/**
 * Adds an index to a bundle, with the least expansion with which it finds enough of what the exact scan
 * finds: `writeBundle(folder, bundle, { buildIndex: usearchIndex({ histories }) })`.
 *
 * @returns what throws an {IndexError} if no expansion finds enough, there are no histories, or one of them cannot
 * be read: it is empty, has items that the bundle does not have, or not the times that its encoder reads
 */
export function usearchIndex(options: IndexOptions): BuildIndex {
  return (file, bundle) => tuned(file, bundle, options);
}

async function tuned(
  file: string,
  bundle: Bundle,
  { histories, recall: wanted = 0.98 }: IndexOptions,
): Promise<ManifestIndex> {
  if (histories.length === 0) {
    throw new IndexError('There are no histories to measure the index on. Export without one.');
  }
  const { vectors, settings } = bundle;
  for (const [index, history] of histories.entries()) {
    const wrong = wrongHistory(`histories[${index}]`, history, settings);
    if (wrong !== undefined) throw new IndexError(wrong);
  }
  const { width } = settings;
  const { users, best } = await exactBest(bundle, histories);
  await buildIndex(file, { vectors, width, connectivity });
  let recall = 0;
  for (const expansion of expansions) {
    const index = await openIndex(file, { width, connectivity, expansion });
    const found = best.map((own, user) => {
      const vector = users.subarray(user * width, (user + 1) * width);
      return index.search(vector, own.size).filter((item) => own.has(item)).length;
    });
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
    recall = sum(found) / sum(best.map(({ size }) => size));
    if (recall >= wanted) return { connectivity, expansion, recall };
  }
  throw new IndexError(
    `No index finds ${wanted} of the ten best items: the best of them found ${recall.toFixed(4)}. ` +
      'Export without one: the exact scan finds all.',
  );
}

/** Why a history cannot be read, as a sentence; undefined if it can. */
function wrongHistory(
  name: string,
  { items, times }: ReadableHistory,
  settings: BundleSettings,
): string | undefined {
  const { itemCount } = settings;
  if (items.length === 0) return `${name} has no items to measure the index on. Leave it out.`;
  const isIndex = (item: number) => Number.isInteger(item) && item >= 0 && item < itemCount;
  const wrong = items.findIndex((item) => !isIndex(item));
  if (wrong >= 0) {
    return `${name}.items must be indices of the ${itemCount} items of the bundle, got ${items[wrong]}.`;
  }
  if (!settings.times) return undefined;
  return wrongTimes(name, times, { count: items.length, settings: settings.times });
}

async function exactBest(bundle: Bundle, histories: readonly ReadableHistory[]) {
  const openSession = nativeSessions();
  const reader = await openReader(bundle, openSession);
  const scan = await orFree(reader, () => openScan(bundle, openSession));
  try {
    const users = await reader.read(histories);
    const request = { count: 10, isWanted: () => true };
    const lists = await scan.best(
      users,
      histories.map(() => request),
    );
    return { users, best: lists.map((list) => new Set(list.map(({ item }) => item))) };
  } finally {
    await reader.dispose();
    await scan.dispose();
  }
}
