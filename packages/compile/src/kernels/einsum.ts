import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { UnsupportedKernelError } from '../trace-error.ts';
import { converted, type KernelRule, type KernelRules, named, numeric } from './rule.ts';

/** ONNX reads the same equations. tfjs keeps booleans where it only multiplies, and adds int32. */
const einsum: KernelRule = (recorder, inputs: TensorInfo[], { equation }) => {
  const operands = Object.values(inputs);
  const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(
    equation,
    operands.length,
  );
  backend_util.checkEinsumDimSizes(allDims.length, idDims, operands as never);
  const { dtype } = operands[0]!;
  if (operands.some((operand) => operand.dtype !== dtype)) {
    throw new UnsupportedKernelError('Einsum', ' of operands of different types');
  }
  const shape = Array.from({ length: allDims.length - summedDims.length }, (_, dim) => {
    const operand = idDims.findIndex((dims) => dims.includes(dim));
    return operands[operand]!.shape[idDims[operand]!.indexOf(dim)]!;
  });
  const type = numeric(dtype);
  const names = operands.map((operand) => named(recorder, operand, type));
  const name = recorder.graph.apply('Einsum', names, { equation: equation.replace(/\s/g, '') });
  const result = summedDims.length > 0 ? type : dtype;
  return recorder.info(converted(recorder, name, type, result), shape, result);
};

export const einsumRules: KernelRules = { Einsum: einsum };
