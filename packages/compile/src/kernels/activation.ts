import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';
import { UnsupportedKernelError } from '../trace-error.ts';
import { filled } from './arrange.ts';
import { real, unary } from './elementwise.ts';
import { computedIn, type KernelRule, type KernelRules, named } from './rule.ts';

/** dy · (y ≥ 0 ? 1 : y + 1) */
const eluGradient: KernelRule = (recorder, { dy, y }) => {
  const { graph } = recorder;
  const below = graph.apply('Min', [named(recorder, y, 'float32'), graph.scalar('float32', 0)]);
  const slope = graph.apply('Add', [below, graph.scalar('float32', 1)]);
  const inputs = [named(recorder, dy, 'float32'), slope];
  return recorder.emit('Mul', inputs, { shape: y.shape, dtype: 'float32' });
};

/** tfjs: whatever goes in, float32 comes out. */
const leakyRelu: KernelRule = (recorder, { x }, { alpha }) =>
  recorder.emit(
    'LeakyRelu',
    [named(recorder, x, 'float32')],
    { shape: x.shape, dtype: 'float32' },
    { alpha: { float: alpha } },
  );

/** tfjs: whatever goes in, float32 comes out. */
const prelu: KernelRule = (recorder, { x, alpha }) => {
  const shape = backend_util.assertAndGetBroadcastShape(x.shape, alpha.shape);
  const value = named(recorder, x, 'float32');
  // ONNX fits the slopes to x, tfjs each to the other.
  const fitted = util.arraysEqual(shape, x.shape) ? value : filled(recorder, value, shape);
  const inputs = [fitted, named(recorder, alpha, 'float32')];
  return recorder.emit('PRelu', inputs, { shape, dtype: 'float32' });
};

const relu6: KernelRule = (recorder, { x }: { x: TensorInfo }) => {
  const type = x.dtype === 'float32' ? 'float32' : 'int32';
  const bounds = [0, 6].map((bound) => recorder.graph.scalar(type, bound));
  return computedIn(recorder, type, x, (name) => recorder.graph.apply('Clip', [name, ...bounds]));
};

export const activationRules: KernelRules = {
  Elu: real('Elu'),
  EluGrad: eluGradient,
  LeakyRelu: leakyRelu,
  Prelu: prelu,
  Relu: unary('Relu'),
  Relu6: relu6,
  Selu: real('Selu'),
  Sigmoid: real('Sigmoid'),
};

export interface ActivationAttributes {
  /** tfjs's name of it; none is 'linear'. */
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** Kernels by the names that tfjs's fused kernels have for them. */
const kernelsByActivation: Readonly<Record<string, string>> = {
  elu: 'Elu',
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

/** The last step of tfjs's fused kernels. `alpha` holds the slopes of prelu. */
export function activated(
  recorder: RecordingBackend,
  x: TensorInfo,
  alpha: TensorInfo | undefined,
  { activation = 'linear', leakyreluAlpha }: ActivationAttributes,
): TensorInfo {
  if (activation === 'linear') return x;
  const rule = activationRules[kernelsByActivation[activation] ?? ''];
  if (!rule) throw new UnsupportedKernelError('Activation', ` '${activation}'`);
  return rule(recorder, { x, alpha }, { alpha: leakyreluAlpha }) as TensorInfo;
}
