import { compile, eager, type StepFunction } from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import { expectAllClose } from '@rodpo/testing';
import '@rodpo/testing/tfjs';
import {
  type AdamUpdate,
  type AdamWOptions,
  adam,
  adamState,
  adamW,
  averagesOf,
  cosineSchedule,
  type OptimiserOptions,
  type OptimiserUpdate,
  optimiser,
  sgd,
  sgdState,
} from '@rodpo/trainer';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { type GoldenRun, golden, gradientsOf, starts, steps } from './optim-golden.ts';

type Tensors = Record<string, Tensor>;

interface Rule {
  readonly state: Record<string, NamedArray>;
  readonly update: (
    parameters: Tensors,
    gradients: Tensors,
    state: Tensors,
  ) => AdamUpdate | OptimiserUpdate;
}

/** What the run's name and options say, of this package. */
function ruleOf({ name, options: { excluded, cosine, ...options } }: GoldenRun): Rule {
  const settings = {
    ...(options as unknown as AdamWOptions),
    ...(excluded ? { decays: (parameter: string) => !excluded.includes(parameter) } : {}),
  };
  if (name === 'optimiser') {
    const schedule = cosine && cosineSchedule({ learningRate: 0.01, ...cosine });
    const made = optimiser({
      ...(settings as OptimiserOptions),
      ...(schedule ? { learningRate: schedule } : {}),
    });
    return { state: made.state(starts), update: made.update };
  }
  const update = { adam, adamW, sgd }[name];
  return {
    state: (name === 'sgd' ? sgdState : adamState)(starts),
    update: (parameters, gradients, state) => update(parameters, gradients, state, settings),
  };
}

const pick = (tensors: Tensors, prefix: string): Tensors =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
const prefixed = <Value>(values: Record<string, Value>, prefix: string): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));

/** One update from gradients that are its inputs. */
function stepOf({ update }: Rule): StepFunction {
  return ({ state, inputs }) => {
    const next = update(pick(state, 'weights/'), inputs, pick(state, 'optimiser/'));
    return {
      outputs: 'gradientNorm' in next && next.gradientNorm ? { norm: next.gradientNorm } : {},
      state: { ...prefixed(next.parameters, 'weights/'), ...prefixed(next.state, 'optimiser/') },
    };
  };
}

// Fifty roundings of a float32, at most 2^-24 of the value each, go either way: some 4e-7. torch
// itself, in float32, ends up to 1.1e-6 from where it ends in float64.
const exact = { relative: 1e-6, absolute: 0 };
const asFloat32 = { relative: 2e-6, absolute: 0 };

describe.each([
  ['eager', eager],
  ['compile', compile],
] as const)('%s', (_, start) => {
  test.each(golden.runs)('$name is that of torch: $options', async (run) => {
    const rule = ruleOf(run);
    const program = await start(stepOf(rule), {
      state: { ...prefixed(starts, 'weights/'), ...prefixed(rule.state, 'optimiser/') },
      inputs: Object.fromEntries(
        Object.entries(starts).map(([name, { shape }]) => [name, { shape, dtype: 'float32' }]),
      ),
    });
    const norms: number[] = [];
    for (let step = 1; step <= steps; step++) {
      const { norm } = await program.run(gradientsOf(step));
      if (norm) norms.push(norm[0]!);
      if (!run.float64.parameters[step]) continue;
      const state = await program.state();
      for (const [name, values] of Object.entries(run.float64.parameters[step]!)) {
        expectAllClose(state[`weights/${name}`]!.data, values, exact);
        expectAllClose(
          state[`weights/${name}`]!.data,
          run.float32.parameters[step]![name]!,
          asFloat32,
        );
      }
    }
    expectAllClose(norms, run.float64.norms ?? [], exact);
    const averages = averagesOf(pickArrays(await program.state(), 'optimiser/'));
    const expected = run.float64.averages ?? {};
    expect(Object.keys(averages)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      expectAllClose(averages[name]!.data, values, exact);
    }
    await program.dispose();
  });
});

function pickArrays(state: Record<string, NamedArray>, prefix: string) {
  return pick(state as never, prefix) as never as Record<string, NamedArray>;
}
