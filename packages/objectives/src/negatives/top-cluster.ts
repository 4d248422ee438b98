import {
  addN,
  argMax,
  cast,
  div,
  expandDims,
  gather,
  greater,
  greaterEqual,
  logicalAnd,
  matMul,
  max,
  maximum,
  mul,
  oneHot,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  topk,
} from '@tensorflow/tfjs-core';
import { select } from '../left-out.ts';
import type { Kept } from './list-scores.ts';

/**
 * Which values of each row belong to the highest of the row's three clusters: `[n, J]`, bool. What is
 * not kept belongs to none.
 *
 * The clusters are those of 3-means at its optimum. In one dimension they are three runs of the
 * sorted row, so all (J − 1)(J − 2) / 2 pairs of cuts are tried at once: exact, without iterations,
 * of a static shape. Equal values stay together. Up to three values are a cluster each.
 */
export function topCluster(values: Tensor2D, { mask, counts }: Kept): Tensor2D {
  const columns = values.shape[1];
  const kept = select(mask, values, Number.NEGATIVE_INFINITY);
  const atLeast = (bounds: Tensor) =>
    logicalAnd(greaterEqual(kept, expandDims(bounds, 1)), mask) as Tensor2D;
  if (columns <= 3) return atLeast(max(kept, 1));

  // What is not kept is last, and counts nothing.
  const sorted = topk(kept, columns, true).values;
  const ones = cast(greater(sorted, Number.NEGATIVE_INFINITY), 'float32') as Tensor2D;
  const real = select(cast(ones, 'bool'), sorted, 0);
  // Centred, as otherwise the squares of a large common offset hide the differences.
  const centre = div(sum(real, 1), maximum(counts, 1));
  const centred = mul(sub(real, expandDims(centre, 1)), ones) as Tensor2D;

  const { runs, lastOfTop } = cuts(columns);
  // Least spread inside the clusters is most between them: Σ_c (sum of c)² / (size of c).
  const sizes = runs.map((run) => matMul(ones, run));
  const between = addN(
    runs.map((run, index) => div(square(matMul(centred, run)), maximum(sizes[index]!, 1))),
  );
  // A cut whose last run is empty is none. Where all are (up to two values), the first is taken, whose
  // top is the highest value.
  const possible = select(greater(sizes[2]!, 0), between, -1);
  const last = gather(lastOfTop, argMax(possible, 1) as Tensor1D);
  return atLeast(sum(mul(real, oneHot(last as Tensor1D, columns)), 1));
}

/**
 * Every way to cut `count` sorted values into three runs: for each of the runs a
 * `[count, cutCount]` matrix that sums it up, and the last index of the first run, `[cutCount]`.
 */
function cuts(count: number): { runs: Tensor2D[]; lastOfTop: Tensor1D } {
  const bounds: [number, number, number, number][] = [];
  for (let first = 1; first < count; first++) {
    for (let second = first + 1; second < count; second++) bounds.push([0, first, second, count]);
  }
  const runs = [0, 1, 2].map((run) => {
    const matrix = Array.from({ length: count }, (_, index) =>
      bounds.map((cut) => (index >= cut[run]! && index < cut[run + 1]! ? 1 : 0)),
    );
    return tensor2d(matrix);
  });
  const lastOfTop = tensor1d(
    bounds.map(([, first]) => first - 1),
    'int32',
  );
  return { runs, lastOfTop };
}
