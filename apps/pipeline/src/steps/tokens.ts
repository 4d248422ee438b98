import type { TensorSpec } from '@rodpo/compile';
import type { PackedTokens } from '@rodpo/encoder';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Config } from '../config.ts';

export type Specs = Record<string, TensorSpec>;

/** What every step reads of a packed batch: `[rowCount · rowLength]` each. */
export function tokenSpecs({ batch }: Config): Specs {
  const spec: TensorSpec = { shape: [batch.rowCount * batch.rowLength], dtype: 'int32' };
  return { items: spec, positions: spec, segments: spec };
}

export function packedTokens(inputs: Readonly<Record<string, Tensor>>): PackedTokens {
  return { items: inputs.items!, positions: inputs.positions!, segments: inputs.segments! };
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
