import { leaveOneOut, type PackedBatch, packRows, packTokens, type RankingCase } from '@rodpo/data';
import { rankMetrics } from '@rodpo/metrics';
import type { Config } from '../config.ts';
import type { Dataset } from '../data/dataset.ts';
import { packTimes, type UserTimes, userTimes } from '../data/time-inputs.ts';
import type { Model } from '../model/model.ts';
import type { Run } from '../run/run.ts';
import { candidates } from '../steps/encode-step.ts';
import { rankSpecs, rankStep, usersPerBatch } from '../steps/rank-step.ts';
import { createItemTable } from './item-vectors.ts';
import type { Weights } from './train.ts';

type Part = 'validation' | 'test';

/** Full ranking of held-out items under any weights of one shape. */
export interface Ranker {
  /** Rank of each case's target, in the order of the users that have one. */
  ranks(weights: Weights, part: Part): Promise<Float32Array>;
  metrics(weights: Weights, part: Part): Promise<Record<string, number>>;
  dispose(): Promise<void>;
}

/** The cutoffs asked for, and the two that model selection (10) and the table (5) read. */
export function reportedCutoffs({ evaluate }: Config): number[] {
  return [...new Set([5, 10, ...evaluate.cutoffs])].sort((a, b) => a - b);
}

/** Compiles the ranking step once; `like` gives the shapes of the weights. */
export async function createRanker(
  run: Run,
  dataset: Dataset,
  model: Model,
  like: Weights,
): Promise<Ranker> {
  const { config, engine } = run;
  const split = leaveOneOut(dataset.sequences);
  const timesOf = userTimes(dataset, config);
  const itemTable = await createItemTable(run, model, like);
  const program = await engine.program(rankStep(config, model.encoder), {
    state: { ...like, [candidates]: await itemTable.vectors(like) },
    inputs: rankSpecs(config),
  });

  const ranks = async (weights: Weights, part: Part) => {
    program.load({ ...weights, [candidates]: await itemTable.vectors(weights) });
    const cases = split[part];
    const found = new Float32Array(cases.length);
    for (const { packed, inputs } of rankingBatches(run, cases, timesOf)) {
      const { ranks: batchRanks } = await program.run(inputs);
      for (const [slot, { sequence }] of packed.placements.entries()) {
        found[sequence] = batchRanks![slot]!;
      }
    }
    return found;
  };
  return {
    ranks,
    metrics: async (weights, part) =>
      rankMetrics(await ranks(weights, part), reportedCutoffs(config)),
    dispose: async () => {
      await program.dispose();
      await itemTable.dispose();
    },
  };
}

function* rankingBatches(
  { config }: Run,
  cases: readonly RankingCase[],
  timesOf: UserTimes | undefined,
) {
  const { rowLength, rowCount: rowsPerBatch } = config.batch;
  const histories = cases.map(({ history }) => history.slice(-config.encoder.maxLength));
  const lengths = histories.map(({ length }) => length);
  const readTimes = (timesAt: UserTimes, index: number) => {
    const { user, history } = cases[index]!;
    return timesAt(user, history.length - lengths[index]!, history.length);
  };
  const options = { rowLength, rowsPerBatch, maxSequences: usersPerBatch };
  for (const packed of packRows(lengths, options)) {
    const { placements, positions, segments } = packed;
    const slots = (value: (placement: PackedBatch['placements'][number]) => number) => {
      const filled = new Int32Array(usersPerBatch);
      filled.set(placements.map(value));
      return filled;
    };
    const targets = slots(({ sequence }) => cases[sequence]!.target);
    const inputs = {
      items: packTokens(packed, (sequence) => histories[sequence]!),
      positions,
      segments,
      ...(timesOf ? packTimes(packed, (sequence) => readTimes(timesOf, sequence)) : {}),
      last: slots(({ row, offset, length }) => row * rowLength + offset + length - 1),
      targets,
      ...(config.evaluate.maskHistory
        ? { masked: maskedItems(config.encoder.maxLength, packed, histories, targets) }
        : {}),
    };
    yield { packed, inputs };
  }
}

/** Each user's distinct history, filled up with the target, which is never masked. */
function maskedItems(
  width: number,
  { placements }: PackedBatch,
  histories: readonly Int32Array[],
  targets: Int32Array,
): Int32Array {
  const masked = new Int32Array(usersPerBatch * width);
  for (let slot = 0; slot < usersPerBatch; slot++) {
    masked.fill(targets[slot]!, slot * width, (slot + 1) * width);
    const placement = placements[slot];
    if (placement) masked.set([...new Set(histories[placement.sequence])], slot * width);
  }
  return masked;
}
