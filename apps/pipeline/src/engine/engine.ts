import { compiledEngine, type Engine, eagerEngine } from '@rodpo/recipe';
import { setBackend } from '@tensorflow/tfjs-core';
import type { Config } from '../config/config.ts';
import { chooseBackend, quietTfjs } from './backend.ts';

/** @param warn told what keeps a better tfjs backend from being used */
export async function createEngine(
  { kind, threads, executionProviders }: Config['engine'],
  warn: (message: string) => void,
): Promise<Engine> {
  if (kind === 'tfjs') {
    const { name, source, device } = await chooseBackend(warn);
    return eagerEngine(`tfjs (${name}, ${source}, ${device})`);
  }
  quietTfjs();
  await setBackend('cpu');
  return compiledEngine({ executionProviders, ...(threads === null ? {} : { threads }) });
}
