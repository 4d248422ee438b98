import { activationRules } from './activation.ts';
import { blockRules } from './blocks.ts';
import { convolutionRules } from './convolution.ts';
import { convolutionGradientRules } from './convolution-gradients.ts';
import { dilationRules } from './dilation.ts';
import { einsumRules } from './einsum.ts';
import { elementwiseRules } from './elementwise.ts';
import { fusedKernelRules } from './fused.ts';
import { imageRules } from './image.ts';
import { indexingRules } from './indexing.ts';
import { matmulRules } from './matmul.ts';
import { normalizationRules } from './normalization.ts';
import { poolingRules } from './pooling.ts';
import { reductionRules } from './reduction.ts';
import { resizeRules } from './resize.ts';
import type { KernelRules } from './rule.ts';
import { samplingRules } from './sampling.ts';
import { scatterRules } from './scatter.ts';
import { shapeRules } from './shape.ts';
import { slicingRules } from './slicing.ts';
import { trigonometryRules } from './trigonometry.ts';

/** Every tfjs kernel that can be compiled. */
export const kernelRules: KernelRules = {
  ...activationRules,
  ...blockRules,
  ...convolutionRules,
  ...convolutionGradientRules,
  ...dilationRules,
  ...einsumRules,
  ...elementwiseRules,
  ...fusedKernelRules,
  ...imageRules,
  ...indexingRules,
  ...matmulRules,
  ...normalizationRules,
  ...poolingRules,
  ...reductionRules,
  ...resizeRules,
  ...samplingRules,
  ...scatterRules,
  ...shapeRules,
  ...slicingRules,
  ...trigonometryRules,
};
