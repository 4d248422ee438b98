import type { LogEntry } from '../run/run.ts';

/** The epoch whose weights training kept: of equal validation figures, the first. */
export function bestEpoch(entries: readonly LogEntry[]): LogEntry {
  const figure = (entry: LogEntry) => Number(entry['validation ndcg@10']);
  return entries.reduce((best, entry) => (figure(entry) > figure(best) ? entry : best));
}
