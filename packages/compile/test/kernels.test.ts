import '@rodpo/testing/tfjs';
import { compile, eager, type StepFunction, type TypedArray } from '@rodpo/compile';
import { expectAllClose } from '@rodpo/testing';
import { describe, expect, test } from 'vitest';
import { kernelRules } from '../src/kernels/index.ts';
import { arithmeticCases } from './kernel-cases/arithmetic.ts';
import { convolutionCases } from './kernel-cases/convolution.ts';
import { dilationCases } from './kernel-cases/dilation.ts';
import { einsumCases } from './kernel-cases/einsum.ts';
import { elementwiseCases } from './kernel-cases/elementwise.ts';
import { fusedKernelCases } from './kernel-cases/fused.ts';
import { imageCases } from './kernel-cases/image.ts';
import { indexingCases } from './kernel-cases/indexing.ts';
import { draw, type KernelCase } from './kernel-cases/kernel-case.ts';
import { matmulCases } from './kernel-cases/matmul.ts';
import { normalizationCases } from './kernel-cases/normalization.ts';
import { poolingCases } from './kernel-cases/pooling.ts';
import { reductionKernelCases } from './kernel-cases/reduction.ts';
import { samplingCases } from './kernel-cases/sampling.ts';
import { scatterCases } from './kernel-cases/scatter.ts';
import { shapeCases } from './kernel-cases/shape.ts';
import { slicingCases } from './kernel-cases/slicing.ts';

const recorded = new Set<string>();
for (const [name, rule] of Object.entries(kernelRules)) {
  const recording: typeof rule = (...call) => {
    recorded.add(name);
    return rule(...call);
  };
  Object.assign(kernelRules, { [name]: recording });
}

describe.each([
  ['arithmetic', arithmeticCases],
  ['convolution', convolutionCases],
  ['dilation', dilationCases],
  ['einsum', einsumCases],
  ['elementwise', elementwiseCases],
  ['fused', fusedKernelCases],
  ['image', imageCases],
  ['indexing', indexingCases],
  ['matmul', matmulCases],
  ['normalization', normalizationCases],
  ['pooling', poolingCases],
  ['reduction', reductionKernelCases],
  ['sampling', samplingCases],
  ['scatter', scatterCases],
  ['shape', shapeCases],
  ['slicing', slicingCases],
])('%s, compiled as on the cpu backend', (_, cases) => {
  test.each(groupedByName(cases))('%s', async (_, group) => {
    const expected = await evaluate(eager, group);
    const got = await evaluate(compile, group);

    expect(got.forms).toEqual(expected.forms);
    for (const [name, values] of Object.entries(expected.outputs)) {
      expect(got.outputs[name]!.constructor, name).toBe(values.constructor);
      expectAllClose(comparable(got.outputs[name]!), comparable(values));
    }
  });
});

test('the cases above record every kernel there is a rule for', () => {
  expect([...recorded].sort()).toEqual(Object.keys(kernelRules).sort());
});

function groupedByName(cases: readonly KernelCase[]): [string, KernelCase[]][] {
  const groups = new Map<string, KernelCase[]>();
  for (const kernel of cases) groups.set(kernel.name, [...(groups.get(kernel.name) ?? []), kernel]);
  return [...groups];
}

/** One program for the group, since making a session is what takes the time. */
async function evaluate(make: typeof eager, group: readonly KernelCase[]) {
  const operands = Object.fromEntries(
    group.flatMap(({ operands }, index) =>
      operands.map((operand, place) => [`operand ${index}.${place}`, operand] as const),
    ),
  );
  const forms: Record<string, string> = {};
  const step: StepFunction = ({ inputs }) => {
    const outputs = group.flatMap(({ operands, op }, index) => {
      const tensors = operands.map((_, place) => inputs[`operand ${index}.${place}`]!);
      const given = tensors.map(({ dtype, shape }) => `${dtype} [${shape}]`).join(', ');
      return [op(...tensors)].flat().map((result, part) => {
        const name = `${index}.${part} of ${given}`;
        forms[name] = `${result.dtype} [${result.shape}]`;
        return [name, result] as const;
      });
    });
    return { outputs: Object.fromEntries(outputs) };
  };
  const program = await make(step, { inputs: operands });
  const entries = Object.entries(operands);
  const outputs = await program.run(
    Object.fromEntries(entries.map(([name, operand], index) => [name, draw(operand, index)])),
  );
  await program.dispose();
  return { forms, outputs };
}

/** `expectAllClose` takes no NaN. */
function comparable(values: TypedArray) {
  return Array.from(values, (value) => (Number.isNaN(value) ? 1e30 : value));
}
