import type { SequenceDataset } from '../../src/index.ts';

export interface Row {
  readonly user: string;
  readonly item: string;
  readonly time: number;
}

/** What a table of such rows is, by maps and sorts of JavaScript. */
export function naiveDataset(rows: readonly Row[], { hasTimes = true } = {}): SequenceDataset {
  const byUser = new Map<string, Row[]>();
  for (const row of rows) byUser.set(row.user, [...(byUser.get(row.user) ?? []), row]);
  const itemIds = [...new Set(rows.map(({ item }) => item))];
  if (itemIds.every((id) => /^-?\d+$/.test(id))) {
    itemIds.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0));
  }
  const sorted = [...byUser.values()].map((own) =>
    hasTimes ? [...own].sort((a, b) => a.time - b.time) : own,
  );
  return {
    userIds: [...byUser.keys()],
    itemIds,
    sequences: sorted.map((own) => Int32Array.from(own, ({ item }) => itemIds.indexOf(item))),
    ...(hasTimes ? { times: sorted.map((own) => Float64Array.from(own, ({ time }) => time)) } : {}),
  };
}
