import type { RankingCase } from '@rodpo/data';
import { actionable } from '@rodpo/errors';
import { rankMetrics } from '@rodpo/metrics';
import type { BatchLayout } from '../batches/batch-layout.ts';
import { mostMasked, rankingBatches } from '../batches/ranking-batches.ts';
import type { UserTimes } from '../batches/time-inputs.ts';
import { candidates } from '../steps/encode-step.ts';
import { rankSpecs, rankStep } from '../steps/rank-step.ts';
import type { Engine } from './engine.ts';
import type { ItemTable, Model } from './item-table.ts';
import type { Weights } from './weights.ts';

/** A part of the data whose items are held out of training. */
export type HeldOut = 'validation' | 'test';

/** Full ranking of one part's held-out items, under any weights of one shape. */
export interface PartRanker<Part extends HeldOut> {
  readonly part: Part;
  /**
   * Rank of each case's target, in the order of the split's cases.
   *
   * @throws {RangeError} (marked as actionable) if a score is not a number
   */
  ranks(weights: Weights): Promise<Float32Array>;
  /** Means of the ranking metrics at the workspace's cutoffs. */
  metrics(weights: Weights): Promise<Record<string, number>>;
}

/** All that may select weights: it holds no test part, so nothing can be selected by that. */
export type ValidationRanker = PartRanker<'validation'>;

/** Both held-out parts, for reports. Neither its test part nor itself fits where weights are selected. */
export interface EvaluationRanker {
  readonly validation: ValidationRanker;
  readonly test: PartRanker<'test'>;
  dispose(): Promise<void>;
}

export interface RankerParts extends Model {
  readonly engine: Engine;
  readonly layout: BatchLayout;
  readonly itemTable: ItemTable;
  readonly timesOf: UserTimes | undefined;
  readonly split: Readonly<Record<HeldOut, readonly RankingCase[]>>;
  /** Whether the user's history is left out of the ranking. */
  readonly maskHistory: boolean;
  readonly cutoffs: readonly number[];
}

/** Compiles the ranking of both parts once; `like` gives the shapes of the weights. */
export async function createRanker(parts: RankerParts, like: Weights): Promise<EvaluationRanker> {
  const { engine, layout, itemTable, encoder, timesOf, split, maskHistory, cutoffs } = parts;
  const maskedCount = maskHistory ? mostMasked([...split.validation, ...split.test]) : 0;
  const program = await engine.program(rankStep(layout, encoder), {
    state: { ...like, [candidates]: await itemTable.vectors(like) },
    inputs: rankSpecs(layout, maskedCount),
  });

  const rank = async (weights: Weights, cases: readonly RankingCase[]) => {
    program.load({ ...weights, [candidates]: await itemTable.vectors(weights) });
    const found = new Float32Array(cases.length);
    for (const { packed, inputs } of rankingBatches(layout, cases, { timesOf, maskedCount })) {
      const { ranks: batchRanks } = await program.run(inputs);
      for (const [slot, { sequence }] of packed.placements.entries()) {
        found[sequence] = batchRanks![slot]!;
      }
    }
    checkNumbers(found);
    return found;
  };
  const of = <Part extends HeldOut>(part: Part): PartRanker<Part> => {
    const ranks = (weights: Weights) => rank(weights, split[part]);
    const metrics = async (weights: Weights) => rankMetrics(await ranks(weights), cutoffs);
    return { part, ranks, metrics };
  };
  return { validation: of('validation'), test: of('test'), dispose: () => program.dispose() };
}

/** The ranking step gives rank 0 where a score is not a number. */
function checkNumbers(ranks: Float32Array): void {
  const broken = ranks.filter((rank) => rank === 0).length;
  if (broken === 0) return;
  throw actionable(
    new RangeError(
      `The model's scores are not numbers for ${broken} of ${ranks.length} users: training has ` +
        'diverged, or the saved weights are damaged. Lower the learning rate, or train again.',
    ),
  );
}
