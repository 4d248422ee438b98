import { availableParallelism } from 'node:os';
import {
  type CompileOptions,
  compile,
  eager,
  type Program,
  type ProgramOptions,
  type StepFunction,
} from '@rodpo/compile';

/** Makes programs of steps; nothing else knows what runs them. */
export interface Engine {
  /** For logs. */
  readonly name: string;
  program(step: StepFunction, options: ProgramOptions): Promise<Program>;
}

/**
 * Steps compiled for onnxruntime. tfjs records them with its cpu backend, which must be active.
 *
 * @param options.threads default: all that the machine offers
 */
export function compiledEngine(
  options: Pick<CompileOptions, 'threads' | 'executionProviders'> = {},
): Engine {
  // onnxruntime alone would take one thread a physical core, and leave half of a small machine.
  const session = { threads: availableParallelism(), ...options };
  return {
    name: 'onnxruntime',
    program: (step, own) => compile(step, { ...own, ...session }),
  };
}

/** Steps run op by op on the tfjs backend that is active. */
export function eagerEngine(name = 'tfjs'): Engine {
  return { name, program: (step, options) => eager(step, options) };
}
