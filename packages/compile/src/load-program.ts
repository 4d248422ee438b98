import { checkSpecs } from './check-arrays.ts';
import type { CompiledProgram } from './compiled-program.ts';
import type { TensorSpec } from './program.ts';
import { readProgram } from './saved-program.ts';
import type { SessionOptions } from './session.ts';
import { startProgram } from './start-program.ts';

export interface LoadOptions<
  Inputs extends Readonly<Record<string, TensorSpec>> = Readonly<Record<string, TensorSpec>>,
> extends SessionOptions {
  /**
   * What the program must take: the file is compared with it, and a run's inputs are typed by it.
   * Default: whatever the file says.
   */
  readonly inputs?: Inputs;
}

/**
 * The program that `save` wrote, with the state it had then: neither its step nor tfjs is called. It
 * gives the same bits as the one that was saved, with the same onnxruntime on the same machine.
 *
 * @throws {ProgramVersionError} if the file is of another version
 * @throws {FileDamagedError} of `@rodpo/files`, if it is no saved program, or not as it was written
 * @throws {TypeError} if the program takes other inputs than `inputs`
 * @throws {ExecutionProviderError} if onnxruntime cannot run on a provider asked for
 * @throws the file system's error, such as `ENOENT`, with its `code`
 */
export async function loadProgram<
  const Inputs extends Readonly<Record<string, TensorSpec>> = Readonly<Record<string, TensorSpec>>,
>(file: string, options: LoadOptions<Inputs> = {}): Promise<CompiledProgram<Inputs>> {
  const { form, model, carried } = await readProgram(file);
  if (options.inputs) checkSpecs(file, form.inputs, options.inputs);
  const values = Object.fromEntries(
    Object.entries(carried).map(([name, { data }]) => [name, data]),
  );
  const program = await startProgram({ form, model, values, variables: {} }, options);
  return program as CompiledProgram<Inputs>;
}
