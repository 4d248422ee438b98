import {
  aotLoss,
  aotUnpairedLoss,
  apoDownLoss,
  apoZeroLoss,
  bcoPairLoss,
  type Divergence,
  discopopLoss,
  exoPairLoss,
  hingeLoss,
  ipoLoss,
  ncaPairLoss,
  type PairScores,
  robustLoss,
  sftLoss,
  sigmoidLoss,
  sppoHardLoss,
} from '@rodpo/objectives';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';

export type PairLoss = (policy: PairScores, reference: PairScores) => tf.Tensor;

interface NamedLoss {
  readonly name: string;
  /** With the β given, or ½. */
  readonly loss: (beta?: number) => PairLoss;
}

/** Options under which every loss is defined. */
const labelSmoothing = 0.1;

/** All losses of pairs of items. */
export const pairLosses: NamedLoss[] = [
  { name: 'sigmoid', loss: withBeta((beta, p, r) => sigmoidLoss(p, r, { beta })) },
  { name: 'hinge', loss: withBeta((beta, p, r) => hingeLoss(p, r, { beta })) },
  { name: 'ipo', loss: withBeta((beta, p, r) => ipoLoss(p, r, { beta })) },
  {
    name: 'exo_pair',
    loss: withBeta((beta, p, r) => exoPairLoss(p, r, { beta, labelSmoothing })),
  },
  { name: 'nca_pair', loss: withBeta((beta, p, r) => ncaPairLoss(p, r, { beta })) },
  { name: 'robust', loss: withBeta((beta, p, r) => robustLoss(p, r, { beta, labelSmoothing })) },
  { name: 'bco_pair', loss: withBeta((beta, p, r) => bcoPairLoss(p, r, { beta })) },
  { name: 'sppo_hard', loss: withBeta((beta, p, r) => sppoHardLoss(p, r, { beta })) },
  { name: 'aot', loss: withBeta((beta, p, r) => aotLoss(p, r, { beta, labelSmoothing })) },
  {
    name: 'aot_unpaired',
    loss: withBeta((beta, p, r) => aotUnpairedLoss(p, r, { beta, labelSmoothing })),
  },
  { name: 'apo_zero', loss: withBeta((beta, p, r) => apoZeroLoss(p, r, { beta })) },
  { name: 'apo_down', loss: withBeta((beta, p, r) => apoDownLoss(p, r, { beta })) },
  { name: 'discopop', loss: withBeta((beta, p, r) => discopopLoss(p, r, { beta })) },
  { name: 'sft', loss: () => sftLoss },
];

export const divergences: Divergence[] = [
  'reverse_kl',
  'forward_kl',
  'js_divergence',
  { alpha: 0.5 },
  { alpha: 3 },
];

/** Every loss that takes a divergence, with every divergence but the default. */
export const divergenceLosses: NamedLoss[] = divergences.slice(1).flatMap((divergence) => {
  const label = typeof divergence === 'string' ? divergence : `alpha ${divergence.alpha}`;
  const options = { divergence, labelSmoothing };
  return [
    {
      name: `sigmoid, ${label}`,
      loss: withBeta((beta, p, r) => sigmoidLoss(p, r, { beta, divergence })),
    },
    {
      name: `hinge, ${label}`,
      loss: withBeta((beta, p, r) => hingeLoss(p, r, { beta, divergence })),
    },
    { name: `ipo, ${label}`, loss: withBeta((beta, p, r) => ipoLoss(p, r, { beta, divergence })) },
    {
      name: `exo_pair, ${label}`,
      loss: withBeta((beta, p, r) => exoPairLoss(p, r, { beta, ...options })),
    },
    {
      name: `robust, ${label}`,
      loss: withBeta((beta, p, r) => robustLoss(p, r, { beta, ...options })),
    },
    {
      name: `discopop, ${label}`,
      loss: withBeta((beta, p, r) => discopopLoss(p, r, { beta, divergence })),
    },
  ];
});

function withBeta(
  loss: (beta: number, policy: PairScores, reference: PairScores) => tf.Tensor,
): (beta?: number) => PairLoss {
  return (beta = 0.5) =>
    (policy, reference) =>
      loss(beta, policy, reference);
}

/** Log-ratios of pairs as scores: the policy holds them, the reference is 0. */
export interface Ratios {
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
}

/** Losses of pairs, and the gradient of their sum by the policy's scores. */
export function lossAt(
  loss: PairLoss,
  { chosen, rejected }: Ratios,
): { losses: number[]; slopes: { chosen: number[]; rejected: number[] } } {
  return tf.tidy(() => {
    const points = [tf.tensor1d([...chosen]), tf.tensor1d([...rejected])];
    const reference = { chosen: tf.zerosLike(points[0]!), rejected: tf.zerosLike(points[1]!) };
    const of = (c: tf.Tensor, r: tf.Tensor) => loss({ chosen: c, rejected: r }, reference);
    // Plus zero times all scores: tfjs refuses a gradient by what a loss never reads.
    const nothing = (c: tf.Tensor, r: tf.Tensor) => tf.mul(0, tf.sum(tf.add(c, r)));
    const total = (c?: tf.Tensor, r?: tf.Tensor) => tf.add(tf.sum(of(c!, r!)), nothing(c!, r!));
    const { gradients } = derivative(total, points);
    return {
      losses: [...of(points[0]!, points[1]!).dataSync()],
      slopes: { chosen: [...gradients[0]!], rejected: [...gradients[1]!] },
    } as never;
  });
}
