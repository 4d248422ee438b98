import { sparseAdaGrad, sparseAdam, sparseAdamW } from '@rodpo/embeddings';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { golden, gradientsOf, startTable, steps } from '../sparse-golden.ts';

const optimisers = { sparseAdam, sparseAdamW, sparseAdaGrad };

// Each step rounds a value near 1 to float32, by 6e-8 at most, and the optimiser's numbers by as much of a
// learning rate. 50 roundings of one sign would be 3e-6; as they fall, they stay within a third of it.
const tolerance = { relative: 0, absolute: 1e-6 };

test.each(golden.runs)('$name is that of torch: $options', ({ name, options, ...expected }) => {
  const table = startTable();
  const optimiser = optimisers[name](table, options);
  let shown = 0;
  for (let step = 1; step <= steps; step++) {
    const indices = Int32Array.from(golden.touched[step]!);
    optimiser.update(table, indices, gradientsOf(step, indices));
    if (!expected.float64[step]) continue;
    shown++;
    optimiser.settle(table);
    expectAllClose(table.values, expected.float64[step]!, tolerance);
    expectAllClose(table.values, expected.float32[step]!, tolerance);
  }
  expect(shown).toBe(7);
});
