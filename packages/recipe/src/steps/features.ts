import type { FeatureTable, ItemFeatures } from '@rodpo/encoder';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

const prefix = 'features.';

/** Names of a modality's constants in a program's state. */
export const vectorsOf = (modality: string): string => `${prefix}${modality}.vectors`;
export const presentOf = (modality: string): string => `${prefix}${modality}.present`;

/** The item vectors among a program's state, by modality. */
export function featureTable(state: Readonly<Record<string, Tensor>>): FeatureTable {
  const table: Record<string, ItemFeatures> = {};
  for (const name of Object.keys(state)) {
    if (!name.startsWith(prefix) || !name.endsWith('.vectors')) continue;
    const modality = name.slice(prefix.length, -'.vectors'.length);
    table[modality] = {
      vectors: state[name] as Tensor2D,
      present: state[presentOf(modality)]!,
    };
  }
  return table;
}
