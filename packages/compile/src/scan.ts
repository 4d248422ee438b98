import type { ScanBody, ScanResult } from '@rodpo/ops';
import {
  concat,
  engine,
  expandDims,
  slice,
  squeeze,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { Graph } from './graph.ts';
import type { DType } from './program.ts';
import type { RecordingBackend } from './recording-backend.ts';
import { currentRecorder } from './trace.ts';

/**
 * Loops over the first axis of `sequences`, carrying tensors from one iteration to the next
 * (as `jax.lax.scan`). In a trace it becomes one ONNX `Scan` node, so only one iteration's
 * intermediate tensors are alive at a time, whatever the number of iterations.
 *
 * No gradient passes through it: use it inside `tf.customGrad`, and compute the gradient in it.
 *
 * @throws {RangeError} if there is no sequence, or they are empty or differ in length
 * @throws {TypeError} if the body returns a carry of another form than it was given
 */
export function scan(body: ScanBody, carry: Tensor[], sequences: Tensor[]): ScanResult {
  const lengths = new Set(sequences.map((sequence) => sequence.shape[0]));
  if (lengths.size !== 1 || !([...lengths][0]! > 0)) {
    throw new RangeError(
      `scan needs sequences of one length, at least 1, got lengths [${[...lengths]}]. ` +
        'Give at least one sequence, and the same first axis to all.',
    );
  }
  const recorder = currentRecorder();
  return recorder ? record(recorder, body, carry, sequences) : iterate(body, carry, sequences);
}

function checkCarry(before: readonly Tensor[], after: readonly Tensor[]): void {
  const described = (tensors: readonly Tensor[]) =>
    tensors.map(({ dtype, shape }) => `${dtype} [${shape}]`).join(', ') || 'nothing';
  if (described(before) === described(after)) return;
  throw new TypeError(
    `scan carries ${described(before)}, but its body returned ${described(after)}. ` +
      'Return a carry of the same types and shapes.',
  );
}

function iterate(body: ScanBody, initial: Tensor[], sequences: Tensor[]): ScanResult {
  return tidy(() => {
    let carry = initial;
    const rows: Tensor[][] = [];
    for (let index = 0; index < sequences[0]!.shape[0]!; index++) {
      const slices = sequences.map((sequence) => {
        const rest = sequence.shape.slice(1);
        return squeeze(slice(sequence, [index, ...rest.map(() => 0)], [1, ...rest]), [0]) as Tensor;
      });
      const before = carry;
      const result = tidy(() => body(before, slices) as never) as ScanResult;
      checkCarry(before, result.carry);
      carry = result.carry;
      rows.push(result.outputs.map((output) => expandDims(output, 0)));
    }
    const outputs = rows[0]!.map((_, column) => concat(rows.map((row) => row[column]!)));
    return { carry, outputs } as never;
  }) as ScanResult;
}

function record(
  recorder: RecordingBackend,
  body: ScanBody,
  carry: Tensor[],
  sequences: Tensor[],
): ScanResult {
  const outer = recorder.graph;
  const inner = new Graph(outer);
  const operands = [...carry, ...sequences].map((operand) => recorder.name(operand));

  recorder.graph = inner;
  const placeholder = (like: Tensor, shape: readonly number[]) => {
    const name = inner.freshName();
    inner.inputs.push({ name, type: like.dtype as DType, shape });
    return recorder.tensor(name, { shape, dtype: like.dtype as DType });
  };
  const result = body(
    carry.map((value) => placeholder(value, value.shape)),
    sequences.map((sequence) => placeholder(sequence, sequence.shape.slice(1))),
  );
  checkCarry(carry, result.carry);
  const returned = [...result.carry, ...result.outputs];
  for (const value of returned) {
    // Identity, because a body may return what it was given.
    const name = inner.apply('Identity', [recorder.name(value)]);
    inner.outputs.push({ name, type: value.dtype as DType, shape: value.shape });
  }
  recorder.graph = outer;

  const names = returned.map(() => outer.freshName());
  outer.add('Scan', operands, names, { body: inner, num_scan_inputs: sequences.length });
  const length = sequences[0]!.shape[0]!;
  const tensors = returned.map((value, index) => {
    const shape = index < carry.length ? value.shape : [length, ...value.shape];
    return engine().makeTensorFromTensorInfo(recorder.info(names[index]!, shape, value.dtype));
  });
  return { carry: tensors.slice(0, carry.length), outputs: tensors.slice(carry.length) };
}
