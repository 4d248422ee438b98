import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';
import { UnsupportedKernelError } from '../trace-error.ts';
import type { KernelRule, KernelRules } from './rule.ts';

const batchMatMul: KernelRule = (recorder, { a, b }, { transposeA, transposeB }) => {
  if (a.dtype === 'bool') throw new UnsupportedKernelError('BatchMatMul', ' of bool');
  const rows = a.shape.at(transposeA ? -1 : -2);
  const columns = b.shape.at(transposeB ? -2 : -1);
  const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const result = { shape: [...batch, rows, columns], dtype: a.dtype };

  if (a.dtype !== 'float32' || (!transposeA && !transposeB)) {
    const inputs = [plain(recorder, a, transposeA), plain(recorder, b, transposeB)];
    return recorder.emit('MatMul', inputs, result);
  }
  const inputs = [recorder.name(a), recorder.name(b)];
  const transposes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  if (a.shape.length === 2 && b.shape.length === 2) {
    return recorder.emit('Gemm', inputs, result, transposes);
  }
  return recorder.emit('FusedMatMul', inputs, result, transposes, 'com.microsoft');
};

/** ONNX Runtime multiplies transposed matrices of float32 only; others are transposed first. */
function plain(recorder: RecordingBackend, matrix: TensorInfo, isTransposed: boolean): string {
  const name = recorder.name(matrix);
  if (!isTransposed) return name;
  const axes = [...matrix.shape.keys()];
  const perm = [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];
  return recorder.graph.apply('Transpose', [name], { perm });
}

export const matmulRules: KernelRules = { BatchMatMul: batchMatMul };
