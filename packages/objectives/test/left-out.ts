import * as objectives from '@rodpo/objectives';
import { type ListScores, type PairScores, preferenceLosses } from '@rodpo/objectives';
import * as tf from '@tensorflow/tfjs-core';

const no = Number.NEGATIVE_INFINITY;
const o = objectives;
const [beta, labelSmoothing] = [0.7, 0.1];

/** Losses of pairs: `[n]` from `[n]`. */
export const ofPairs: Readonly<
  Record<string, (policy: PairScores, reference: PairScores) => tf.Tensor>
> = {
  sigmoidLoss: (p, r) => o.sigmoidLoss(p, r, { beta, labelSmoothing }),
  hingeLoss: (p, r) => o.hingeLoss(p, r, { beta }),
  ipoLoss: (p, r) => o.ipoLoss(p, r, { beta }),
  exoPairLoss: (p, r) => o.exoPairLoss(p, r, { beta, labelSmoothing }),
  ncaPairLoss: (p, r) => o.ncaPairLoss(p, r, { beta }),
  robustLoss: (p, r) => o.robustLoss(p, r, { beta, labelSmoothing }),
  bcoPairLoss: (p, r) => o.bcoPairLoss(p, r, { beta }),
  sppoHardLoss: (p, r) => o.sppoHardLoss(p, r, { beta }),
  apoZeroLoss: (p, r) => o.apoZeroLoss(p, r, { beta }),
  apoDownLoss: (p, r) => o.apoDownLoss(p, r, { beta }),
  discopopLoss: (p, r) => o.discopopLoss(p, r, { beta }),
  preferenceMargin: o.preferenceMargin,
  simpoLoss: (p) => o.simpoLoss(p, { beta, gamma: 0.3, labelSmoothing }),
  'cpoLoss without its likelihood': (p) => o.cpoLoss(p, { beta, sftWeight: 0 }),
  'ipoLoss, forward_kl': (p, r) => o.ipoLoss(p, r, { beta, divergence: 'forward_kl' }),
  'sigmoidLoss, js': (p, r) => o.sigmoidLoss(p, r, { beta, divergence: 'js_divergence' }),
  'hingeLoss, alpha': (p, r) => o.hingeLoss(p, r, { beta, divergence: { alpha: 3 } }),
};

/** Losses that take the pairs of a batch together: element i belongs to rank i. */
export const ofRanks: typeof ofPairs = {
  aotLoss: (p, r) => o.aotLoss(p, r, { beta, labelSmoothing }),
  aotUnpairedLoss: (p, r) => o.aotUnpairedLoss(p, r, { beta }),
};

/** Losses of the chosen item alone, whatever the rejected one is. */
export const ofChosen: typeof ofPairs = {
  sftLoss: (p) => o.sftLoss(p),
};

/** Losses of several negatives: `[n]` from `[n]` and `[n, J]`. */
export const ofLists: Readonly<
  Record<string, (policy: ListScores, reference: ListScores) => tf.Tensor>
> = {
  softmaxDpoLoss: (p, r) => o.softmaxDpoLoss(p, r, { beta }),
  dmpoLoss: (p, r) => o.dmpoLoss(p, r, { beta }),
  dynamicBetaLoss: (p, r) => o.dynamicBetaLoss(p, r, { beta }),
  sampledSoftmaxLoss: (scores) => o.sampledSoftmaxLoss(scores),
  'sampledSoftmaxLoss, logQ': (scores, logQ) => o.sampledSoftmaxLoss(scores, { logQ }),
  'sampledSoftmaxLoss, logQ of negatives': (scores, { rejected }) =>
    o.sampledSoftmaxLoss(scores, { logQ: { rejected } }),
  bprLoss: (scores) => o.bprLoss(scores),
  debiasedContrastiveLoss: (scores) => o.debiasedContrastiveLoss(scores),
  bceLoss: (scores) => o.bceLoss(scores),
  gbceLoss: (scores) => o.gbceLoss(scores, { samplingRate: 0.2 }),
};

/** Tested by themselves, since what they take has another form. */
export const byThemselves: readonly string[] = [
  'combineLosses',
  'cpoLoss',
  'dpoLoss',
  'inBatchSoftmaxLoss',
  'linearCrossEntropy',
  'logNormaliser',
  'preferenceMetrics',
  'sampledCrossEntropy',
  'softmaxCrossEntropy',
  'syncReference',
  'weightedMean',
  'wpoWeights',
];

/** No losses: nothing can be left out of them. */
export const others: readonly string[] = [
  'cachedReference',
  'cancelsNormaliser',
  'gbcePrior',
  'noReference',
];

export const pairLossNames = preferenceLosses.filter((name) => !name.startsWith('aot'));

/** Four rows of a policy and a reference. */
export const values = {
  policy: {
    chosen: [0.5, -1.2, 0.9, 0.1],
    rejected: [
      [0.3, 0.8, -0.7, 0.1, 0.9],
      [-1, 0.7, -3.1, 0.2, 0.4],
      [1.5, -0.4, 2.6, -1.1, 0.2],
      [0.7, 0.2, -0.3, 0.4, -0.6],
    ],
  },
  reference: {
    chosen: [0.2, 0.4, -0.3, 0.6],
    rejected: [
      [0.1, 1, -0.5, 0.6, -0.9],
      [-0.7, 0.3, 0.9, -0.2, 0.5],
      [1.1, 0.4, -1.3, 0.8, 0.3],
      [0.3, -0.6, 0.2, 0.5, 0.8],
    ],
  },
};

export type Scores = typeof values.policy;

/** Which negatives are left out: none of row 0, one and three of the next, and all of row 3. */
const leftOut: readonly (readonly number[])[] = [[], [1], [0, 2, 3], [0, 1, 2, 3, 4]];

export function masked({ chosen, rejected }: Scores): Scores {
  const isLeftOut = (row: number, column: number) => leftOut[row]!.includes(column);
  return {
    chosen,
    rejected: rejected.map((row, index) =>
      row.map((score, column) => (isLeftOut(index, column) ? no : score)),
    ),
  };
}

/** One row of scores without what is left out of it. */
export function rowOf({ chosen, rejected }: Scores, row: number): Scores {
  const kept = rejected[row]!.filter((_, column) => !leftOut[row]!.includes(column));
  return { chosen: [chosen[row]!], rejected: [kept] };
}

export const listOf = ({ chosen, rejected }: Scores): ListScores => ({
  chosen: tf.tensor1d(chosen),
  rejected: tf.tensor2d(rejected),
});

/** Only the first negative of each row. */
export const firstOf = ({ chosen, rejected }: Scores): PairScores => ({
  chosen: tf.tensor1d(chosen),
  rejected: tf.tensor1d(rejected.map(([first]) => first!)),
});

/** The rows named, of a tensor of whatever rank. */
export const rowsOf = (tensor: tf.Tensor, rows: readonly number[]): tf.Tensor =>
  tf.gather(tensor, tf.tensor1d([...rows], 'int32'));
