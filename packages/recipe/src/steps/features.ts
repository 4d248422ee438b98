import type { FeatureTable, ItemFeatures } from '@rodpo/encoder';
import { cast, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

const prefix = 'features.';

/** Names of a modality's constants in a program's state. */
export const vectorsOf = (modality: string): string => `${prefix}${modality}.vectors`;
export const presentOf = (modality: string): string => `${prefix}${modality}.present`;
/** In place of vectors that are mostly zeros: what they hold, and where, as float32 too. */
export const valuesOf = (modality: string): string => `${prefix}${modality}.values`;
export const columnsOf = (modality: string): string => `${prefix}${modality}.columns`;

/** The item vectors among a program's state, by modality. */
export function featureTable(state: Readonly<Record<string, Tensor>>): FeatureTable {
  const table: Record<string, ItemFeatures> = {};
  for (const name of Object.keys(state)) {
    if (!name.startsWith(prefix) || !name.endsWith('.present')) continue;
    const modality = name.slice(prefix.length, -'.present'.length);
    const present = state[name]!;
    const vectors = state[vectorsOf(modality)] as Tensor2D | undefined;
    table[modality] = vectors ? { vectors, present } : { ...sparse(state, modality), present };
  }
  return table;
}

function sparse(state: Readonly<Record<string, Tensor>>, modality: string) {
  return {
    columns: cast(state[columnsOf(modality)]!, 'int32') as Tensor2D,
    values: state[valuesOf(modality)] as Tensor2D,
  };
}
