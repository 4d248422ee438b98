import type { TensorSpec } from '@rodpo/compile';
import type { PackedTokens } from '@rodpo/encoder';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type BatchLayout, tokenCount } from '../batches/batch-layout.ts';

export type Specs = Record<string, TensorSpec>;

/** What an encoder reads of a packed batch: `[tokenCount]` each. */
export function tokenSpecs(layout: BatchLayout): Specs {
  const shape = [tokenCount(layout)];
  const spec: TensorSpec = { shape, dtype: 'int32' };
  return {
    items: spec,
    positions: spec,
    segments: spec,
    ...(layout.intervals ? { intervals: spec, times: { shape, dtype: 'float32' } } : {}),
  };
}

/** What every step of training reads of a packed batch. */
export function learnedSpecs(layout: BatchLayout): Specs {
  const shape = [tokenCount(layout)];
  return {
    ...tokenSpecs(layout),
    targets: { shape, dtype: 'int32' },
    weights: { shape, dtype: 'float32' },
  };
}

export function packedTokens(inputs: Readonly<Record<string, Tensor>>): PackedTokens {
  const { items, positions, segments, intervals, times } = inputs;
  return {
    items: items!,
    positions: positions!,
    segments: segments!,
    ...(intervals ? { intervals } : {}),
    ...(times ? { times } : {}),
  };
}

/** The tensors whose names start with `prefix`, under the rest of their names. */
export function unprefixed<Value>(
  named: Readonly<Record<string, Value>>,
  prefix: string,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

export function prefixed<Value>(
  named: Readonly<Record<string, Value>>,
  prefix: string,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(named).map(([name, value]) => [`${prefix}${name}`, value]),
  );
}

/** Weights and optimiser state of a program in training, by the prefixes of their names. */
export const weightPrefix = 'weights.';
export const optimiserPrefix = 'optimiser.';

/** Prefix of what a loss carries from step to step, such as a running mean. */
export const runningPrefix = 'running.';
