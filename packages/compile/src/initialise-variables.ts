import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { encodeModel } from './onnx-model.ts';
import type { DType, TypedArray } from './program.ts';
import { ancestorsOf } from './prune.ts';
import { createSession, type Runtime } from './session.ts';
import type { Trace } from './trace.ts';
import { assignValues } from './variables.ts';

/**
 * Gives the variables that a traced step created the values that it created them with: the part of
 * its graph that computes them is run once.
 *
 * @throws {TypeError} if an initial value depends on inputs or state
 */
export async function initialiseVariables(
  runtime: Runtime,
  { graph, created }: Trace,
): Promise<void> {
  const outputs = [...created].map(([variable, value]) => {
    const { name, shape, dtype } = variable;
    return [name, { name: value, shape, type: dtype as DType }] as const;
  });
  const initial = ancestorsOf(graph, new Map(outputs));
  if (initial.inputs.length > 0) {
    const [input] = initial.inputs;
    for (const variable of created.keys()) variable.dispose();
    throw new TypeError(
      `The initial value of a tf.Variable that the step creates depends on '${input!.name}'. ` +
        'Create it outside of the step.',
    );
  }
  const session = await createSession(runtime, encodeModel(initial), { threads: 1 });
  const values = await session.run({});
  await session.release();
  for (const variable of created.keys()) {
    assignValues(variable, (values[variable.name] as OrtTensor).data as TypedArray);
  }
}
