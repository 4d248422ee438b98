import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';
import { activated } from './activation.ts';
import { reshaped } from './arrange.ts';
import { type Convolution, convolution2d, convolve, depthwise } from './convolution.ts';
import { elementwiseRules } from './elementwise.ts';
import { matmulRules } from './matmul.ts';
import type { KernelRule, KernelRules } from './rule.ts';

function plus(recorder: RecordingBackend, a: TensorInfo, b: TensorInfo): TensorInfo {
  return elementwiseRules.Add!(recorder, { a, b }, {}) as TensorInfo;
}

const fusedMatMul: KernelRule = (recorder, inputs, attributes) => {
  const { a, b, bias, preluActivationWeights } = inputs;
  const product = matmulRules.BatchMatMul!(recorder, { a, b }, attributes) as TensorInfo;
  const sum = bias ? plus(recorder, product, bias) : product;
  return activated(recorder, sum, preluActivationWeights, attributes);
};

function fusedConvolution(convolution: Convolution): KernelRule {
  return (recorder, inputs, attributes) => {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const isChannelsLast = attributes.dataFormat !== 'NCHW';
    const [channels, outputs] = filter.shape.slice(-2);
    const outputChannels = convolution.isDepthwise ? channels * outputs : outputs;
    // One number per channel goes into ONNX's convolution; other forms are added afterwards.
    const isPerChannel = bias?.shape.length === 1 && bias.shape[0] === outputChannels;
    const operands = { x, filter, bias: isPerChannel ? bias : undefined };
    const result = convolve(recorder, convolution, operands, attributes);
    const sum = bias && !isPerChannel ? plus(recorder, result, bias) : result;
    const alpha = preluActivationWeights as TensorInfo | undefined;
    return activated(recorder, sum, alpha && aligned(recorder, alpha, isChannelsLast), attributes);
  };
}

/** One slope per channel, beside the channels' axis. */
function aligned(
  recorder: RecordingBackend,
  alpha: TensorInfo,
  isChannelsLast: boolean,
): TensorInfo {
  if (isChannelsLast || alpha.shape.length !== 1) return alpha;
  const shape = [alpha.shape[0]!, 1, 1];
  return recorder.info(reshaped(recorder, recorder.name(alpha), shape), shape, alpha.dtype);
}

export const fusedKernelRules: KernelRules = {
  _FusedMatMul: fusedMatMul,
  FusedConv2D: fusedConvolution(convolution2d),
  FusedDepthwiseConv2D: fusedConvolution(depthwise),
};
