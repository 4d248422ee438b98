import type { EpochEntry } from '@rodpo/recipe';

/** The epoch whose weights training kept: of equal validation figures, the first. */
export function bestEpoch(entries: readonly EpochEntry[]): EpochEntry {
  const figure = (entry: EpochEntry) => Number(entry['validation ndcg@10']);
  return entries.reduce((best, entry) => (figure(entry) > figure(best) ? entry : best));
}
