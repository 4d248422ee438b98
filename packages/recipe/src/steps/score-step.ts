import type { StepFunction } from '@rodpo/compile';
import { matMul, type Tensor2D } from '@tensorflow/tfjs-core';

/** Every item's score after every token, `[tokens, itemCount]`, from the vectors of both. */
export const scoreStep: StepFunction = ({ inputs: { hidden, items } }) => ({
  outputs: { scores: matMul(hidden as Tensor2D, items as Tensor2D, false, true) },
});
