import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';
import { UnsupportedKernelError } from '../trace-error.ts';
import { transposed } from './arrange.ts';
import type { KernelRule, KernelRules } from './rule.ts';

const batchMatMul: KernelRule = (recorder, { a, b }, { transposeA, transposeB }) => {
  if (a.dtype === 'bool') throw new UnsupportedKernelError('BatchMatMul', ' of bool');
  checkShapes(a, b, transposeA, transposeB);
  const rows = a.shape.at(transposeA ? -1 : -2);
  const columns = b.shape.at(transposeB ? -2 : -1);
  const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const result = { shape: [...batch, rows, columns], dtype: a.dtype };

  const isTransposed = transposeA || transposeB;
  if (isTransposed && a.dtype === 'float32' && a.shape.length === 2 && b.shape.length === 2) {
    const inputs = [recorder.name(a), recorder.name(b)];
    const transposes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
    return recorder.emit('Gemm', inputs, result, transposes);
  }
  // ONNX Runtime makes one operator of a product and the transposes before it or the bias after it.
  const inputs = [turned(recorder, a, transposeA), turned(recorder, b, transposeB)];
  return recorder.emit('MatMul', inputs, result);
};

function checkShapes(a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): void {
  const hasMatrices = a.shape.length >= 2 && b.shape.length >= 2;
  const inner = [a.shape.at(transposeA ? -2 : -1), b.shape.at(transposeB ? -1 : -2)];
  util.assert(
    hasMatrices && inner[0] === inner[1],
    () =>
      `matMul of [${a.shape}] and [${b.shape}] with transposeA=${transposeA} and ` +
      `transposeB=${transposeB}: the inner dimensions must match.`,
  );
}

/** The name of a matrix, or of its transpose. */
function turned(recorder: RecordingBackend, matrix: TensorInfo, isTransposed: boolean): string {
  const name = recorder.name(matrix);
  if (!isTransposed) return name;
  const axes = [...matrix.shape.keys()];
  return transposed(recorder, name, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}

export const matmulRules: KernelRules = { BatchMatMul: batchMatMul };
