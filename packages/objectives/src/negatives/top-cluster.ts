import {
  addN,
  argMax,
  expandDims,
  gather,
  greaterEqual,
  matMul,
  max,
  mean,
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

/**
 * Which values of each row belong to the highest of the row's three clusters: `[n, J]`, bool.
 *
 * The clusters are those of 3-means at its optimum. In one dimension they are three runs of the
 * sorted row, so all (J − 1)(J − 2) / 2 pairs of cuts are tried at once: exact, without iterations,
 * of a static shape. Equal values stay together. Up to three values are a cluster each.
 */
export function topCluster(values: Tensor2D): Tensor2D {
  const columns = values.shape[1];
  if (columns <= 3) return atLeast(values, max(values, 1));

  const sorted = topk(values, columns, true).values;
  const { weights, lastOfTop } = cuts(columns);
  // Least spread inside the clusters is most between them: Σ_c (sum of c)² / (size of c). Centred,
  // as otherwise the squares of a large common offset hide the differences.
  const centred = sub(sorted, mean(sorted, 1, true)) as Tensor2D;
  const between = addN(weights.map((cluster) => square(matMul(centred, cluster))));
  const last = gather(lastOfTop, argMax(between, 1) as Tensor1D);
  const lowestOfTop = sum(mul(sorted, oneHot(last as Tensor1D, columns)), 1);
  return atLeast(values, lowestOfTop);
}

function atLeast(values: Tensor2D, bounds: Tensor): Tensor2D {
  return greaterEqual(values, expandDims(bounds, 1));
}

/**
 * Every way to cut `count` sorted values into three runs: for each of the runs a
 * `[count, cutCount]` matrix that gives its sum over the root of its size, and the last index of
 * the first run, `[cutCount]`.
 */
function cuts(count: number): { weights: Tensor2D[]; lastOfTop: Tensor1D } {
  const bounds: [number, number, number, number][] = [];
  for (let first = 1; first < count; first++) {
    for (let second = first + 1; second < count; second++) bounds.push([0, first, second, count]);
  }
  const weights = [0, 1, 2].map((run) => {
    const matrix = Array.from({ length: count }, (_, index) =>
      bounds.map((cut) => {
        const [start, end] = [cut[run]!, cut[run + 1]!];
        return index >= start && index < end ? 1 / Math.sqrt(end - start) : 0;
      }),
    );
    return tensor2d(matrix);
  });
  const lastOfTop = tensor1d(
    bounds.map(([, first]) => first - 1),
    'int32',
  );
  return { weights, lastOfTop };
}
