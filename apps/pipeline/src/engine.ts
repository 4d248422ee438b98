import { availableParallelism } from 'node:os';
import {
  compile,
  eager,
  type Program,
  type ProgramOptions,
  type StepFunction,
} from '@rodpo/compile';
import { setBackend } from '@tensorflow/tfjs-core';
import { chooseBackend, quietTfjs } from './backend.ts';
import type { Config } from './config.ts';

/** Makes programs of steps; the pipeline does not know what runs them. */
export interface Engine {
  /** Says also which package computes, and on what device, where there is a choice. */
  readonly name: string;
  program(step: StepFunction, options: ProgramOptions): Promise<Program>;
}

/** @param warn told what keeps a better tfjs backend from being used */
export async function createEngine(
  { kind, threads, executionProviders }: Config['engine'],
  warn: (message: string) => void,
): Promise<Engine> {
  if (kind === 'tfjs') {
    const { name, source, device } = await chooseBackend(warn);
    return {
      name: `tfjs (${name}, ${source}, ${device})`,
      program: (step, options) => eager(step, options),
    };
  }
  quietTfjs();
  await setBackend('cpu');
  return {
    name: 'onnxruntime',
    // onnxruntime alone would take one thread a physical core, and leave half of a small machine.
    program: (step, options) =>
      compile(step, { ...options, executionProviders, threads: threads ?? availableParallelism() }),
  };
}
