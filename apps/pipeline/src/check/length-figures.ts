import type { Sequences } from '@rodpo/data';
import { quantile } from './quantile.ts';

/** How many interactions users have. */
export interface LengthFigures {
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly p95: number;
  readonly max: number;
  /** The most recent items that the encoder reads. */
  readonly maxLength: number;
  /** Users with more than that: the rest of their history is never read. */
  readonly longerUsers: number;
  /** Users by length; the bounds are included, and empty classes left out at both ends. */
  readonly histogram: readonly LengthClass[];
}

interface LengthClass {
  readonly from: number;
  readonly to: number;
  readonly users: number;
}

/** Of at least one user. */
export function lengthFigures(
  sequences: Sequences,
  { maxLength }: { readonly maxLength: number },
): LengthFigures {
  const sorted = Float64Array.from(sequences, ({ length }) => length).sort();
  const total = sorted.reduce((sum, length) => sum + length, 0);
  return {
    min: sorted[0]!,
    median: quantile(sorted, 0.5),
    mean: total / sorted.length,
    p95: quantile(sorted, 0.95),
    max: sorted.at(-1)!,
    maxLength,
    longerUsers: sorted.filter((length) => length > maxLength).length,
    histogram: histogramOf(sorted),
  };
}

/** Two classes to each doubling: lengths of users spread over orders of magnitude. */
function histogramOf(sorted: Float64Array): LengthClass[] {
  const counts = new Map<number, number>();
  for (const length of sorted) counts.set(classOf(length), (counts.get(classOf(length)) ?? 0) + 1);
  const classes: LengthClass[] = [];
  let from = classOf(sorted[0]!);
  while (from <= sorted.at(-1)!) {
    const next = nextClass(from);
    classes.push({ from, to: next - 1, users: counts.get(from) ?? 0 });
    from = next;
  }
  return classes;
}

/** 0, 1, 2, 3, 4, 6, 8, 12, 16, 24, …: the largest of these that is not above the length. */
function classOf(length: number): number {
  if (length < 2) return length;
  const power = 2 ** Math.floor(Math.log2(length));
  return length >= 1.5 * power ? 1.5 * power : power;
}

function nextClass(from: number): number {
  if (from < 2) return from + 1;
  const power = 2 ** Math.floor(Math.log2(from));
  return from === power ? 1.5 * power : 2 * power;
}
