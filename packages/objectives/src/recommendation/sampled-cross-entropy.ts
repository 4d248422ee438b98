import { actionable } from '@rodpo/errors';
import type { Scan, ScanResult } from '@rodpo/ops';
import {
  add,
  customGrad,
  div,
  exp,
  expandDims,
  log,
  matMul,
  max,
  maximum,
  min,
  mul,
  notEqual,
  reshape,
  type Scalar,
  softmax,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  transpose,
} from '@tensorflow/tfjs-core';
import { checkShape } from '../check-shape.ts';
import { select } from '../left-out.ts';
import { checkBlockSize, inBlocks } from './blocks.ts';
import { normaliserGradients, zerosTurned } from './normaliser-gradients.ts';

/** Vectors of users, and of the items that they are compared by. */
export interface SampledRows {
  /** `[n, dimension]`. */
  readonly hidden: Tensor;
  /** Of each row's chosen item, `[n, dimension]`. */
  readonly chosen: Tensor;
  /**
   * `[m, dimension]` if all rows share them; `[g, m, dimension]` if each of `g` equal stretches of
   * rows has its own.
   */
  readonly candidates: Tensor;
}

export interface SampledCrossEntropyOptions {
  readonly logQ: {
    /** `[n]`. */
    readonly chosen: Tensor;
    /** `[m]` or `[g, m]`; Infinity leaves a candidate out, for lists to fill up. Without any, rows lose nothing. */
    readonly candidates: Tensor;
  };
  /**
   * `[n]`: 1 where the row's chosen item is among its candidates, else 0. It counts once then, so its
   * `logQ` must be the same in both places.
   */
  readonly isCandidate: Tensor;
  /** Weight of each row, `[n]`; 0 leaves a row out, whatever it holds. No gradient reaches them. */
  readonly weights: Tensor;
  /** Rows whose scores exist at a time; must divide `n`, and `n / g`. */
  readonly blockSize: number;
  readonly scan: Scan;
}

/**
 * Sampled softmax with candidates that many rows share: the weighted mean of
 * `−log (e^{c_w} / Σ_{i ∈ {w} ∪ candidates} e^{c_i})`, `c` being scores less `logQ`. What
 * `sampledSoftmaxLoss` is for negatives of each row's own, and `linearCrossEntropy` for all items.
 *
 * The `[n, m]` scores never exist at once: each block's gradient is computed right after its scores,
 * since a mean's gradient is known up to one factor before the backward pass.
 *
 * @throws {RangeError} if the shapes or `blockSize` do not fit
 * @see Bengio & Senécal, 2008, https://doi.org/10.1109/TNN.2007.912312
 * @see Jean et al., 2015, https://arxiv.org/abs/1412.2007, section 3 (candidates that a batch shares)
 */
export function sampledCrossEntropy(
  rows: SampledRows,
  options: SampledCrossEntropyOptions,
): Scalar {
  const sizes = checkedSizes(rows, options);
  const { weights, logQ, isCandidate, blockSize, scan } = options;
  const fused = customGrad((h, e, c, save) => {
    const isCounted = expandDims(notEqual(weights, 0), 1);
    const [hidden, chosen] = [h, e].map((values) => select(isCounted, values as Tensor, 0));
    const total = sum(weights);
    const share = div(weights, select(notEqual(total, 0), total, 1));
    const perRow = [hidden!, chosen!, logQ.chosen, isCandidate, share];
    const blocks = perRow.map((tensor) => inBlocks(tensor, blockSize));
    const { losses, gradients } = sizes.isShared
      ? sharedBlocks(blocks, [c as Tensor, logQ.candidates], scan)
      : ownBlocks(blocks, [c as Tensor, logQ.candidates], scan);
    const { hidden: users, chosen: own, candidates } = rows;
    const shapes = [users, own, candidates].map(({ shape }) => shape);
    (save as (tensors: Tensor[]) => void)(
      gradients.map((gradient, index) => reshape(gradient, shapes[index]!)),
    );
    return {
      value: sum(mul(share, reshape(losses, share.shape))),
      gradFunc: (scale: Tensor, saved: Tensor[]) => saved.map((gradient) => mul(scale, gradient)),
    };
  });
  return fused(rows.hidden, rows.chosen, rows.candidates) as Scalar;
}

interface Blocks {
  readonly losses: Tensor;
  /** By hidden, chosen and candidates. */
  readonly gradients: readonly [Tensor, Tensor, Tensor];
}

/** All blocks compare with the same candidates, whose gradient is carried on. */
function sharedBlocks(blocks: Tensor[], [candidates, logQ]: [Tensor, Tensor], scan: Scan): Blocks {
  // A softmax over nothing is not a number: a list without any is scored, and then left out of each row.
  const isAny = notEqual(min(logQ), Number.POSITIVE_INFINITY);
  const list = { candidates: candidates as Tensor2D, logQ: select(isAny, logQ, 0), isAny };
  const { carry, outputs } = scan(
    ([gradient], block) => {
      const { losses, gradients } = blockLoss(block, list);
      const [ofHidden, ofChosen, ofCandidates] = gradients;
      return { carry: [add(gradient!, ofCandidates)], outputs: [losses, ofHidden, ofChosen] };
    },
    [zerosTurned(candidates)],
    blocks,
  );
  const [losses, ofHidden, ofChosen] = outputs as [Tensor, Tensor, Tensor];
  return { losses, gradients: [ofHidden, ofChosen, transpose(carry[0]!)] };
}

/** Each stretch of rows compares with candidates of its own: a scan in a scan. */
function ownBlocks(blocks: Tensor[], [candidates, logQ]: [Tensor, Tensor], scan: Scan): Blocks {
  const groups = candidates.shape[0]!;
  const grouped = blocks.map((tensor) => inBlocks(tensor, tensor.shape[0]! / groups));
  const { outputs } = scan(
    (_, [ownCandidates, ownLogQ, ...own]): ScanResult => {
      const { losses, gradients } = sharedBlocks(own, [ownCandidates!, ownLogQ!], scan);
      return { carry: [], outputs: [losses, ...gradients] };
    },
    [],
    [candidates, logQ, ...grouped],
  );
  const [losses, ofHidden, ofChosen, ofCandidates] = outputs as [Tensor, Tensor, Tensor, Tensor];
  return { losses, gradients: [ofHidden, ofChosen, ofCandidates] };
}

interface CandidateList {
  readonly candidates: Tensor2D;
  readonly logQ: Tensor;
  /** Whether it has any candidate: a scalar. */
  readonly isAny: Tensor;
}

/** Losses of one block, and the gradients of their sum by the block's shares; that of candidates turned. */
function blockLoss(
  [hidden, chosen, logQ, isCandidate, shares]: Tensor[],
  { candidates, logQ: logQOfCandidates, isAny }: CandidateList,
): Blocks {
  const [users, items] = [hidden as Tensor2D, chosen as Tensor2D];
  const scores = sub(matMul(users, candidates, false, true), logQOfCandidates) as Tensor2D;
  const probabilities = softmax(scores);
  // The largest probability is at least 1 / m, so this never takes the log of a tiny one.
  const ofAll = sub(max(scores, 1), log(max(probabilities, 1)));
  const ofCandidates = select(isAny, ofAll, Number.NEGATIVE_INFINITY);
  const own = sub(sum(mul(users, items), 1), logQ!);
  // A chosen item that is a candidate is counted there.
  const apart = select(notEqual(isCandidate!, 1), own, Number.NEGATIVE_INFINITY);
  const greatest = maximum(ofCandidates, apart);
  const total = add(exp(sub(ofCandidates, greatest)), exp(sub(apart, greatest)));
  const normaliser = add(greatest, log(total));
  const share = (logs: Tensor) => mul(shares!, exp(sub(logs, normaliser)));

  const sampled = { hidden: users, items: candidates, probabilities };
  const byNormaliser = normaliserGradients(sampled, share(ofCandidates));
  const byOwn = expandDims(sub(share(apart), shares!), 1);
  return {
    losses: sub(normaliser, own),
    gradients: [
      add(byNormaliser.ofHidden, mul(items, byOwn)),
      mul(users, byOwn),
      byNormaliser.ofItemsTurned,
    ],
  };
}

function checkedSizes(
  { hidden, chosen, candidates }: SampledRows,
  { logQ, isCandidate, weights, blockSize }: SampledCrossEntropyOptions,
): { readonly isShared: boolean } {
  const [n, dimension] = hidden.shape as [number, number];
  const isShared = candidates.rank === 2;
  const [m, groups] = isShared
    ? [candidates.shape[0]!, 1]
    : [candidates.shape[1]!, candidates.shape[0]!];
  checkShape('hidden', hidden, [n, dimension]);
  checkShape('chosen', chosen, [n, dimension]);
  checkShape('candidates', candidates, isShared ? [m, dimension] : [groups, m, dimension]);
  checkShape('logQ.chosen', logQ.chosen, [n]);
  checkShape('logQ.candidates', logQ.candidates, isShared ? [m] : [groups, m]);
  checkShape('isCandidate', isCandidate, [n]);
  checkShape('weights', weights, [n]);
  if (n % groups !== 0) {
    throw actionable(
      new RangeError(
        `candidates must be of equal stretches of the ${n} rows, got ${groups} groups`,
      ),
    );
  }
  checkBlockSize(blockSize, n / groups);
  return { isShared };
}
