// Where the time of a step goes, from onnxruntime's own profile.
import { startContender } from './contender.mjs';

const multiplications = new Set(['Gemm', 'MatMul', 'FusedGemm', 'FusedMatMul']);

/**
 * Runs a contender of ours with profiling on, apart from the timed ones.
 *
 * @returns `operators`: per operator `{ operator, milliseconds, count }` of one run, slowest first;
 * `share`: how much of their sum is matrix multiplication
 */
export async function profile(contender, { runs }) {
  const process = await startContender(contender);
  try {
    await process.request({ runs });
    const operators = await process.request({});
    const sum = (entries) => entries.reduce((total, { milliseconds }) => total + milliseconds, 0);
    const multiplied = operators.filter(({ operator }) => multiplications.has(operator));
    return { operators, share: sum(multiplied) / sum(operators) };
  } finally {
    await process.stop();
  }
}
