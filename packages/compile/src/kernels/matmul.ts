import { backend_util } from '@tensorflow/tfjs-core';
import type { KernelRule, KernelRules } from './rule.ts';

const batchMatMul: KernelRule = (recorder, { a, b }, { transposeA, transposeB }) => {
  const inputs = [recorder.name(a), recorder.name(b)];
  const rows = a.shape.at(transposeA ? -1 : -2);
  const columns = b.shape.at(transposeB ? -2 : -1);
  const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const result = { shape: [...batch, rows, columns], dtype: a.dtype };
  const transposes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };

  if (!transposeA && !transposeB) return recorder.emit('MatMul', inputs, result);
  if (a.shape.length === 2 && b.shape.length === 2) {
    return recorder.emit('Gemm', inputs, result, transposes);
  }
  return recorder.emit('FusedMatMul', inputs, result, transposes, 'com.microsoft');
};

export const matmulRules: KernelRules = { BatchMatMul: batchMatMul };
