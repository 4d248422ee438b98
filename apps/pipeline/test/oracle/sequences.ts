/** What the method learns from and ranks, read from whole sequences in plain loops. */

/** The items of a user's training part that are read: the last `maxLength` + 1 of it. */
export function trainingItems(sequence: ArrayLike<number>, maxLength: number): number[] {
  const all = Array.from(sequence);
  const kept = all.length < 3 ? all : all.slice(0, all.length - 2);
  return kept.slice(Math.max(0, kept.length - maxLength - 1));
}

export interface Case {
  readonly user: number;
  readonly history: readonly number[];
  readonly target: number;
}

/** `held` 2 is validation, 1 is the test: so many items from the end is the target. */
export function casesOf(sequences: readonly ArrayLike<number>[], held: 1 | 2): Case[] {
  const cases: Case[] = [];
  for (const [user, sequence] of sequences.entries()) {
    const all = Array.from(sequence);
    if (all.length < 3) continue;
    const place = all.length - held;
    cases.push({ user, history: all.slice(0, place), target: all[place]! });
  }
  return cases;
}
