import {
  add,
  concat,
  customGrad,
  engine,
  expandDims,
  matMul,
  slice,
  squeeze,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { reshaped, splitted } from './kernels/arrange.ts';
import { cast } from './kernels/rule.ts';
import type { RecordingBackend } from './recording-backend.ts';
import { currentRecorder } from './trace.ts';

/**
 * Linear layers by group: rows of `x` `[n, in]` are sorted by group, and row `r` of group `g` gives
 * `x[r] · kernels[g] + biases[g]`, `[n, out]`. Work is done for `n` rows, however they are shared
 * out, so a sparse mixture of experts costs what its active experts cost.
 *
 * In a trace the rows are split by the counts that come at run time, one product a group. Eagerly
 * it reads the counts, which waits for the backend.
 *
 * @param kernels `[groups, in, out]`
 * @param biases `[groups, out]`
 * @param counts `[groups]` int32: rows of each group, 0 or more; their sum is n
 * @throws {TypeError} if the shapes do not fit, or `counts` is not int32
 * @throws {RangeError} eagerly, if the counts do not sum to n; ONNX Runtime refuses it in a program
 */
export function groupedLinear(
  x: Tensor2D,
  kernels: Tensor,
  biases: Tensor,
  counts: Tensor,
): Tensor2D {
  checkShapes(x, kernels, biases, counts);
  const run = customGrad((rows, weights, offsets, save) => {
    const inputs = [rows, weights, offsets] as [Tensor, Tensor, Tensor];
    (save as (tensors: Tensor[]) => void)([inputs[0], inputs[1], counts]);
    return { value: linear(...inputs, counts), gradFunc: gradient };
  });
  return run(x, kernels, biases) as Tensor2D;
}

function gradient(dy: Tensor, saved: Tensor[]): Tensor[] {
  const [rows, kernels, counts] = saved as [Tensor, Tensor, Tensor];
  return [products(dy, kernels, counts), outerProducts(rows, dy, counts), columnSums(dy, counts)];
}

/** `x[r] · kernels[g] + biases[g]`. */
function linear(x: Tensor, kernels: Tensor, biases: Tensor, counts: Tensor): Tensor {
  const [, inner, outer] = kernels.shape as [number, number, number];
  const recorder = currentRecorder();
  if (!recorder) {
    return byGroup(x, counts, (rows, group) =>
      add(matMul(rows as Tensor2D, rowOf(kernels, group) as Tensor2D), rowOf(biases, group)),
    );
  }
  const layers = pieces(recorder, kernels, inner);
  const offsets = pieces(recorder, biases, 1);
  const outputs = rowsByGroup(recorder, x, counts).map((rows, group) =>
    recorder.graph.apply('Gemm', [rows, layers[group]!, offsets[group]!]),
  );
  return joined(recorder, outputs, [x.shape[0]!, outer]);
}

/** `x[r] · kernels[g]ᵀ`: the gradient by the rows. */
function products(x: Tensor, kernels: Tensor, counts: Tensor): Tensor {
  const inner = kernels.shape[1]!;
  const recorder = currentRecorder();
  if (!recorder) {
    return byGroup(x, counts, (rows, group) =>
      matMul(rows as Tensor2D, rowOf(kernels, group) as Tensor2D, false, true),
    );
  }
  const layers = pieces(recorder, kernels, inner);
  const outputs = rowsByGroup(recorder, x, counts).map((rows, group) =>
    recorder.graph.apply('Gemm', [rows, layers[group]!], { transB: 1 }),
  );
  return joined(recorder, outputs, [x.shape[0]!, inner]);
}

/** `xᵀ · dy` of each group: the gradient by the kernels, `[groups, in, out]`. */
function outerProducts(x: Tensor, dy: Tensor, counts: Tensor): Tensor {
  const [inner, outer, groups] = [x.shape[1]!, dy.shape[1]!, counts.shape[0]!];
  const recorder = currentRecorder();
  if (!recorder) {
    return perGroup([x, dy], counts, ([rows, gradients]) =>
      matMul(rows as Tensor2D, gradients as Tensor2D, true),
    );
  }
  const gradients = rowsByGroup(recorder, dy, counts);
  const outputs = rowsByGroup(recorder, x, counts).map((rows, group) =>
    recorder.graph.apply('Gemm', [rows, gradients[group]!], { transA: 1 }),
  );
  const stacked = recorder.graph.apply('Concat', outputs, { axis: 0 });
  return made(recorder, reshaped(recorder, stacked, [groups, inner, outer]), [
    groups,
    inner,
    outer,
  ]);
}

/** Sum of each group's rows: the gradient by the biases, `[groups, out]`. */
function columnSums(dy: Tensor, counts: Tensor): Tensor {
  const recorder = currentRecorder();
  if (!recorder) return perGroup([dy], counts, ([rows]) => sum(rows!, 0));
  const { graph } = recorder;
  const outputs = rowsByGroup(recorder, dy, counts).map((rows) =>
    graph.apply('ReduceSum', [rows, graph.integers([0])], { keepdims: 1 }),
  );
  return joined(recorder, outputs, [counts.shape[0]!, dy.shape[1]!]);
}

/** Names of each group's rows, whose number is known at run time only. */
function rowsByGroup(recorder: RecordingBackend, x: Tensor, counts: Tensor): string[] {
  const { graph } = recorder;
  const sizes = cast(recorder, recorder.name(counts), 'int64');
  const names = Array.from({ length: counts.shape[0]! }, () => graph.freshName());
  graph.add('Split', [recorder.name(x), sizes], names, { axis: 0 });
  return names;
}

/** Each group's part of a stack along the first axis. */
function pieces(recorder: RecordingBackend, stack: Tensor, rows: number): string[] {
  const [groups, ...rest] = stack.shape as [number, ...number[]];
  const flat = reshaped(recorder, recorder.name(stack), [groups * rows, rest.at(-1)!]);
  return splitted(
    recorder,
    flat,
    Array.from({ length: groups }, () => rows),
    0,
  );
}

function joined(recorder: RecordingBackend, parts: string[], shape: readonly number[]): Tensor {
  return made(recorder, recorder.graph.apply('Concat', parts, { axis: 0 }), shape);
}

function made(recorder: RecordingBackend, name: string, shape: readonly number[]): Tensor {
  return engine().makeTensorFromTensorInfo(recorder.info(name, shape, 'float32'));
}

/** Each group's rows through `layer`, joined again; groups without rows are left out. */
function byGroup(
  x: Tensor,
  counts: Tensor,
  layer: (rows: Tensor, group: number) => Tensor,
): Tensor {
  return tidy(() => {
    const ranges = groupRanges(counts, x.shape[0]!).filter(({ size }) => size > 0);
    return concat(ranges.map(({ group, start, size }) => layer(part(x, start, size), group)));
  });
}

/** One tensor per group, stacked; groups without rows give what no rows sum to: zeros. */
function perGroup(
  tensors: readonly Tensor[],
  counts: Tensor,
  reduce: (rows: Tensor[]) => Tensor,
): Tensor {
  return tidy(() => {
    const ranges = groupRanges(counts, tensors[0]!.shape[0]!);
    return concat(
      ranges.map(({ start, size }) => {
        // Backends differ in what they make of empty products: one row of zeros sums to the same.
        const rows = tensors.map((tensor) =>
          size > 0 ? part(tensor, start, size) : zeros([1, tensor.shape[1]!]),
        );
        return expandDims(reduce(rows), 0);
      }),
    );
  });
}

function groupRanges(counts: Tensor, total: number) {
  let end = 0;
  const ranges = Array.from(counts.dataSync(), (size, group) => {
    end += size;
    return { group, start: end - size, size };
  });
  if (end === total) return ranges;
  throw new RangeError(`counts must sum to the ${total} rows of x, got ${end}`);
}

function part(x: Tensor, start: number, size: number): Tensor {
  return slice(x, [start, 0], [size, x.shape[1]!]);
}

function rowOf(tensor: Tensor, index: number): Tensor {
  const rest = tensor.shape.slice(1);
  return squeeze(slice(tensor, [index, ...rest.map(() => 0)], [1, ...rest]), [0]);
}

function checkShapes(x: Tensor, kernels: Tensor, biases: Tensor, counts: Tensor): void {
  const [groups, inner, outer] = kernels.shape;
  const fits =
    x.rank === 2 &&
    kernels.rank === 3 &&
    x.shape[1] === inner &&
    `${biases.shape}` === `${[groups, outer]}` &&
    `${counts.shape}` === `${[groups]}` &&
    counts.dtype === 'int32';
  if (fits) return;
  const described = Object.entries({ x, kernels, biases, counts })
    .map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape}]`)
    .join(', ');
  throw new TypeError(
    'groupedLinear needs x [n, in], kernels [groups, in, out], biases [groups, out] and counts ' +
      `int32 [groups], got ${described}.`,
  );
}
