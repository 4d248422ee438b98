import type { RankingCase, ReadonlyList } from '@rodpo/data';
import type { SequenceEncoder } from '@rodpo/encoder';
import { rankMetrics } from '@rodpo/metrics';
import type { BatchLayout } from '../batches/batch-layout.ts';
import type { UserTimes } from '../batches/time-inputs.ts';
import { tableOf } from '../rows/table-of.ts';
import { type CaseRange, casesIn } from './case-range.ts';
import type { CatalogueScores } from './catalogue-scores.ts';
import { checkScorable } from './check-scorable.ts';
import type { ItemTable } from './item-table.ts';
import type { SequenceReader } from './sequence-reader.ts';
import { userVectors } from './user-vectors.ts';
import type { Weights } from './weights.ts';

/** A part of the data whose items are held out of training. */
export type HeldOut = 'validation' | 'test';

/** Ranks of a part's targets both ways, in the order of the split's cases; from one reading of the users. */
export interface BothRanks {
  /** Among all items. */
  readonly all: Float32Array;
  /** With the user's whole history left out, but for the target. */
  readonly masked: Float32Array;
}

/** Full ranking of one part's held-out items, under any weights of one shape. */
export interface PartRanker<Part extends HeldOut> {
  readonly part: Part;
  /**
   * Rank of each case's target, in the order of the split's cases: with the history left out if the
   * workspace's `maskHistory` says so.
   *
   * @throws {RangeError} (marked as actionable) if a score is not a number
   */
  ranks(weights: Weights): Promise<Float32Array>;
  /** The same, both ways; of some cases, if a range is given. */
  bothRanks(weights: Weights, cases?: CaseRange): Promise<BothRanks>;
  /** Means of the ranking metrics at the workspace's cutoffs, of `ranks`. */
  metrics(weights: Weights): Promise<Record<string, number>>;
}

/** All that may select weights: it holds no test part, so nothing can be selected by that. */
export type ValidationRanker = PartRanker<'validation'>;

/** Both held-out parts, for reports. Neither its test part nor itself fits where weights are selected. */
export interface EvaluationRanker {
  readonly validation: ValidationRanker;
  readonly test: PartRanker<'test'>;
}

export interface RankerParts {
  readonly encoder: SequenceEncoder;
  readonly layout: BatchLayout;
  readonly itemTable: ItemTable;
  readonly reader: SequenceReader;
  readonly scores: CatalogueScores;
  readonly timesOf: UserTimes | undefined;
  readonly split: Readonly<Record<HeldOut, ReadonlyList<RankingCase>>>;
  /** Whether the user's history is left out of the ranking that selects. */
  readonly maskHistory: boolean;
  readonly cutoffs: readonly number[];
}

/**
 * Ranks by counting, block by block, the items that score at least as much as the target: ties count
 * against it. Nothing is as large as users times items.
 */
export function createRanker(parts: RankerParts): EvaluationRanker {
  const { split, cutoffs } = parts;
  const of = <Part extends HeldOut>(part: Part): PartRanker<Part> => {
    const bothRanks = (weights: Weights, cases?: CaseRange) =>
      ranksOf(parts, weights, cases ? casesIn(split[part], cases) : split[part]);
    const ranks = async (weights: Weights) => {
      if (!parts.maskHistory) return (await countsOf(parts, weights, split[part])).all;
      return (await bothRanks(weights)).masked;
    };
    const metrics = async (weights: Weights) => rankMetrics(await ranks(weights), cutoffs);
    return { part, ranks, bothRanks, metrics };
  };
  return { validation: of('validation'), test: of('test') };
}

async function ranksOf(
  parts: RankerParts,
  weights: Weights,
  cases: ReadonlyList<RankingCase>,
): Promise<BothRanks> {
  const { all, goals, score } = await countsOf(parts, weights, cases);
  const masked = Float32Array.from(all);
  const known = maskedPairs(cases);
  for (const [pair, own] of (await score(known)).entries()) {
    const user = known.users[pair]!;
    if (own >= goals[user]!) masked[user]!--;
  }
  return { all, masked };
}

/** How many items score at least as much as each target, and what else can be asked of the same users. */
async function countsOf(
  { encoder: { width }, itemTable, reader, scores, ...reading }: RankerParts,
  weights: Weights,
  cases: ReadonlyList<RankingCase>,
) {
  const items = await itemTable.vectors(weights);
  const users = await userVectors(reader.with(weights, items), cases, { ...reading, width });
  checkScorable(users, items.data as Float32Array, width);
  const userTable = tableOf({ shape: [cases.length, width], data: users });
  const score = (pairs: Pairs) =>
    scores.pairs(
      { table: userTable, indices: pairs.users },
      { table: tableOf(items), indices: pairs.items },
    );
  const goals = await score(targets(cases));
  const all = Float32Array.from(await scores.counts(users, goals, items));
  return { all, goals, score };
}

/** Cases and items, by their indices. */
interface Pairs {
  readonly users: Int32Array;
  readonly items: Int32Array;
}

function targets(cases: ReadonlyList<RankingCase>): Pairs {
  return {
    users: Int32Array.from({ length: cases.length }, (_, index) => index),
    items: Int32Array.from(cases, ({ target }) => target),
  };
}

/**
 * Distinct items of the whole history, however few of them the encoder reads. A target that the user
 * chose before stays in the ranking: it is what the case asks for.
 */
function maskedPairs(cases: ReadonlyList<RankingCase>): Pairs {
  const users: number[] = [];
  const items: number[] = [];
  for (const [user, { history, target }] of cases.entries()) {
    for (const item of new Set(history)) {
      if (item === target) continue;
      users.push(user);
      items.push(item);
    }
  }
  return { users: Int32Array.from(users), items: Int32Array.from(items) };
}
