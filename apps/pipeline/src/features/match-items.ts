import { quote, quoteList } from '@rodpo/errors';
import type { FeatureStore } from '@rodpo/features';
import type { Modality } from '../config/feature-settings.ts';
import { type Judgement, requireSound } from '../config/judgement.ts';
import { nearMisses } from './near-misses.ts';

/** What is known of a catalogue's items: a store, or what a store would be made from. */
export type KnownItems = Pick<FeatureStore, 'has' | 'ids' | 'failures'>;

interface Matching {
  readonly modality: Modality;
  readonly store: KnownItems;
}

export interface Match {
  /** Items of the data that have the modality. */
  readonly matched: number;
  /** Whether any has, and whether ids are written otherwise in the catalogue. */
  readonly judgements: readonly Judgement[];
}

/**
 * How many items of the data have a vector, and of those without, whether the catalogue has them.
 *
 * @returns lines for a person: the count, and a warning where ids are not in the catalogue
 * @throws {ConfigError} if no item has a vector
 */
export function matchItems(itemIds: readonly string[], matching: Matching): string[] {
  const { matched, judgements } = judgeMatch(itemIds, matching);
  const warnings = requireSound(judgements).map((warning) => `WARNING: ${warning}`);
  const { modality } = matching;
  return [
    `${matched} of ${itemIds.length} items of the data have a vector of "${modality}"`,
    ...warnings,
  ];
}

/** The same, with what is wrong as judgements. */
export function judgeMatch(itemIds: readonly string[], { modality, store }: Matching): Match {
  const without = itemIds.filter((id) => !store.has(id));
  const failed = new Set(store.failures.map(({ id }) => id));
  const unknown = without.filter((id) => !failed.has(id));
  const strange = unknown.length > 0 ? notInCatalogue(unknown, [...store.ids(), ...failed]) : '';
  const matched = itemIds.length - without.length;
  if (matched === 0) {
    const reason = strange || `The catalogue has them, without a usable ${modality}.`;
    const message = `None of the ${itemIds.length} items of the data has a vector of "${modality}". ${reason}`;
    return { matched, judgements: [{ severity: 'error', message }] };
  }
  return {
    matched,
    judgements: strange === '' ? [] : [{ severity: 'warning', message: strange }],
  };
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
