import { elementwiseRules } from './elementwise.ts';
import { indexingRules } from './indexing.ts';
import { matmulRules } from './matmul.ts';
import { reductionRules } from './reduction.ts';
import type { KernelRules } from './rule.ts';
import { shapeRules } from './shape.ts';

/** Every tfjs kernel that can be compiled. */
export const kernelRules: KernelRules = {
  ...elementwiseRules,
  ...indexingRules,
  ...matmulRules,
  ...reductionRules,
  ...shapeRules,
};
