import { stat } from 'node:fs/promises';
import { ifThere } from '../if-there.ts';
import { indexFile } from '../shards/shard-index.ts';

/** The folder that takes the place of a file where its tensors are too large for one. */
export function shardsOf(file: string): string {
  return `${file.replace(/\.safetensors$/, '')}.shards`;
}

/** Whether tensors are kept as shards: whatever a file beside them holds is older then. */
export async function isSharded(file: string): Promise<boolean> {
  return (await ifThere(stat(indexFile(shardsOf(file))))) !== undefined;
}
