import { stat } from 'node:fs/promises';
import { ifThere } from '../if-there.ts';
import { isSharded } from './shards-of.ts';

/** Whether `writeTensors` wrote something that is there still, as one file or as shards; it is not read. */
export async function hasTensors(file: string): Promise<boolean> {
  return (await isSharded(file)) || (await ifThere(stat(file))) !== undefined;
}
