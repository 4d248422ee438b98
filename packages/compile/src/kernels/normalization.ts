import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';
import { table } from './arrange.ts';
import { type KernelRule, type KernelRules, named } from './rule.ts';

/** (x − mean) · scale / √(variance + ε) + offset */
const batchNormalization: KernelRule = (recorder, inputs, { varianceEpsilon }) => {
  const { graph } = recorder;
  const { x, mean, variance, scale, offset } = inputs;
  const value = (info: TensorInfo) => named(recorder, info, 'float32');
  const epsilon = graph.scalar('float32', varianceEpsilon ?? 0.001);
  const deviation = graph.apply('Sqrt', [graph.apply('Add', [value(variance), epsilon])]);
  const numerator = scale ? value(scale) : graph.scalar('float32', 1);
  const factor = graph.apply('Div', [numerator, deviation]);
  const centred = graph.apply('Sub', [value(x), value(mean)]);
  const name = graph.apply('Mul', [centred, factor]);
  return recorder.info(
    offset ? graph.apply('Add', [name, value(offset)]) : name,
    x.shape,
    'float32',
  );
};

interface ResponseAttributes {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/** Sums each channel with those at most `radius` away from it: a product with a band of ones. */
function neighbourSum(
  recorder: RecordingBackend,
  name: string,
  channels: number,
  radius: number,
): string {
  const band = Array.from({ length: channels ** 2 }, (_, cell) => {
    const distance = Math.abs(Math.floor(cell / channels) - (cell % channels));
    return distance <= radius ? 1 : 0;
  });
  const factor = table(recorder, 'float32', [channels, channels], band);
  return recorder.graph.apply('MatMul', [name, factor]);
}

/** bias + α · (sum of the neighbours' squares), and that to the power −β. */
function responseNorm(
  recorder: RecordingBackend,
  x: TensorInfo,
  { depthRadius, bias, alpha, beta }: ResponseAttributes,
): [norm: string, scale: string] {
  const { graph } = recorder;
  const value = recorder.name(x);
  const squares = graph.apply('Mul', [value, value]);
  const sums = neighbourSum(recorder, squares, x.shape.at(-1)!, depthRadius);
  const scaled = graph.apply('Mul', [sums, graph.scalar('float32', alpha)]);
  const norm = graph.apply('Add', [scaled, graph.scalar('float32', bias)]);
  return [norm, graph.apply('Pow', [norm, graph.scalar('float32', -beta)])];
}

/** x · norm^−β */
const localResponse: KernelRule = (recorder, { x }, attributes) => {
  const [, scale] = responseNorm(recorder, x, attributes);
  return recorder.emit('Mul', [recorder.name(x), scale], x);
};

/** dy · norm^−β − 2αβ · x · (sum of the neighbours' dy · y / norm) */
const localResponseGradient: KernelRule = (recorder, { x, y, dy }, attributes) => {
  const { graph } = recorder;
  const { depthRadius, alpha, beta } = attributes;
  const [norm, scale] = responseNorm(recorder, x, attributes);
  const direct = graph.apply('Mul', [recorder.name(dy), scale]);
  const weighted = graph.apply('Mul', [recorder.name(dy), recorder.name(y)]);
  const shares = graph.apply('Div', [weighted, norm]);
  const sums = neighbourSum(recorder, shares, x.shape.at(-1), depthRadius);
  const factor = graph.scalar('float32', 2 * alpha * beta);
  const indirect = graph.apply('Mul', [graph.apply('Mul', [recorder.name(x), sums]), factor]);
  return recorder.emit('Sub', [direct, indirect], x);
};

export const normalizationRules: KernelRules = {
  FusedBatchNorm: batchNormalization,
  LRN: localResponse,
  LRNGrad: localResponseGradient,
};
