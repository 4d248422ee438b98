import { quote, quoteList } from '@rodpo/errors';
import type { FeatureStore } from '@rodpo/features';
import { ConfigError } from '../config/config.ts';
import type { Modality } from '../config/feature-settings.ts';
import { nearMisses } from './near-misses.ts';

/**
 * How many items of the data have a vector, and of those without, whether the catalogue has them.
 *
 * @returns lines for a person: the count, and a warning where ids are not in the catalogue
 * @throws {ConfigError} if no item has a vector
 */
export function matchItems(
  itemIds: readonly string[],
  {
    modality,
    store,
  }: { modality: Modality; store: Pick<FeatureStore, 'has' | 'ids' | 'failures'> },
): string[] {
  const without = itemIds.filter((id) => !store.has(id));
  const failed = new Set(store.failures.map(({ id }) => id));
  const unknown = without.filter((id) => !failed.has(id));
  const strange = unknown.length > 0 ? notInCatalogue(unknown, [...store.ids(), ...failed]) : '';
  if (without.length === itemIds.length) {
    const reason = strange || `The catalogue has them, without a usable ${modality}.`;
    throw new ConfigError(
      `None of the ${itemIds.length} items of the data has a vector of "${modality}". ${reason}`,
    );
  }
  const count = itemIds.length - without.length;
  const line = `${count} of ${itemIds.length} items of the data have a vector of "${modality}"`;
  return strange === '' ? [line] : [line, `WARNING: ${strange}`];
}

function notInCatalogue(unknown: readonly string[], known: readonly string[]): string {
  const near = nearMisses(unknown, known).map(
    ({ id, known: other, by }) => `${quote(id)} and ${quote(other)} differ by ${by}`,
  );
  const examples = quoteList(unknown.slice(0, 3));
  return (
    `${unknown.length} items are not in the catalogue of features, such as ${examples}, which has ` +
    `${quoteList(known.slice(0, 3))} for instance. ` +
    (near.length > 0 ? `${near.join('; ')}. ` : '') +
    'Ids must be the same, character by character, in both files.'
  );
}
