import { leaveOneOut, type RankingCase } from '@rodpo/data';
import { actionable } from '@rodpo/errors';
import { rankMetrics } from '@rodpo/metrics';
import type { Config } from '../config.ts';
import type { Dataset } from '../data/dataset.ts';
import { mostMasked, rankingBatches } from '../data/ranking-batches.ts';
import { userTimes } from '../data/time-inputs.ts';
import type { Model } from '../model/model.ts';
import type { Run } from '../run/run.ts';
import { candidates } from '../steps/encode-step.ts';
import { rankSpecs, rankStep } from '../steps/rank-step.ts';
import { createItemTable } from './item-vectors.ts';
import type { Weights } from './train.ts';

type HeldOut = 'validation' | 'test';

/** Full ranking of one part's held-out items, under any weights of one shape. */
interface PartRanker<Part extends HeldOut> {
  readonly part: Part;
  /**
   * Rank of each case's target, in the order of the users that have one.
   *
   * @throws {RangeError} (marked as actionable) if a score is not a number
   */
  ranks(weights: Weights): Promise<Float32Array>;
  /** Means of the ranking metrics at `reportedCutoffs`. */
  metrics(weights: Weights): Promise<Record<string, number>>;
}

/** All that may select weights: it holds no test part, so nothing can be selected by that. */
export interface ValidationRanker extends PartRanker<'validation'> {
  dispose(): Promise<void>;
}

/** Both held-out parts, for reports. Neither its test part nor itself fits where weights are selected. */
export interface EvaluationRanker {
  readonly validation: PartRanker<'validation'>;
  readonly test: PartRanker<'test'>;
  dispose(): Promise<void>;
}

/** The cutoffs asked for, and the two that model selection (10) and the table (5) read. */
export function reportedCutoffs({ evaluate }: Config): number[] {
  return [...new Set([5, 10, ...evaluate.cutoffs])].sort((a, b) => a - b);
}

/** Compiles the ranking of the validation part once; `like` gives the shapes of the weights. */
export async function createValidationRanker(
  run: Run,
  dataset: Dataset,
  model: Model,
  like: Weights,
): Promise<ValidationRanker> {
  const { validation } = leaveOneOut(dataset.sequences);
  const { ranks, dispose } = await caseRanker(run, { dataset, model, like, cases: validation });
  return { ...partRanker(run, 'validation', validation, ranks), dispose };
}

/** Compiles the ranking of both parts once; `like` gives the shapes of the weights. */
export async function createEvaluationRanker(
  run: Run,
  dataset: Dataset,
  model: Model,
  like: Weights,
): Promise<EvaluationRanker> {
  const { validation, test } = leaveOneOut(dataset.sequences);
  const cases = [...validation, ...test];
  const { ranks, dispose } = await caseRanker(run, { dataset, model, like, cases });
  return {
    validation: partRanker(run, 'validation', validation, ranks),
    test: partRanker(run, 'test', test, ranks),
    dispose,
  };
}

type RankCases = (weights: Weights, cases: readonly RankingCase[]) => Promise<Float32Array>;

function partRanker<Part extends HeldOut>(
  { config }: Run,
  part: Part,
  cases: readonly RankingCase[],
  rank: RankCases,
): PartRanker<Part> {
  const ranks = (weights: Weights) => rank(weights, cases);
  const metrics = async (weights: Weights) =>
    rankMetrics(await ranks(weights), reportedCutoffs(config));
  return { part, ranks, metrics };
}

interface CaseRankerOptions {
  readonly dataset: Dataset;
  readonly model: Model;
  readonly like: Weights;
  /** Whatever will be ranked. */
  readonly cases: readonly RankingCase[];
}

async function caseRanker(
  { config, engine }: Run,
  { dataset, model, like, cases: all }: CaseRankerOptions,
): Promise<{ ranks: RankCases; dispose: () => Promise<void> }> {
  const timesOf = userTimes(dataset, config);
  const maskedCount = config.evaluate.maskHistory ? mostMasked(all) : 0;
  const itemTable = await createItemTable({ engine }, model, like);
  const program = await engine.program(rankStep(config, model.encoder), {
    state: { ...like, [candidates]: await itemTable.vectors(like) },
    inputs: rankSpecs(config, maskedCount),
  });

  const ranks: RankCases = async (weights, cases) => {
    program.load({ ...weights, [candidates]: await itemTable.vectors(weights) });
    const found = new Float32Array(cases.length);
    for (const { packed, inputs } of rankingBatches(config, cases, { timesOf, maskedCount })) {
      const { ranks: batchRanks } = await program.run(inputs);
      for (const [slot, { sequence }] of packed.placements.entries()) {
        found[sequence] = batchRanks![slot]!;
      }
    }
    checkNumbers(found);
    return found;
  };
  const dispose = async () => {
    await program.dispose();
    await itemTable.dispose();
  };
  return { ranks, dispose };
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
