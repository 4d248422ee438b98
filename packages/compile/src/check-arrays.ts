import type { NamedArray } from '@rodpo/files';
import type { DType, TensorSpec, TypedArray } from './program.ts';

const arrayOf = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

export function allocate({ dtype, shape }: TensorSpec): TypedArray {
  return new arrayOf[dtype](sizeOf(shape));
}

function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int32Array ? 'int32' : 'bool';
}

export function specsOf(arrays: Readonly<Record<string, NamedArray>>): Record<string, TensorSpec> {
  const specs = Object.entries(arrays).map(([name, { shape, data }]) => [
    name,
    { shape, dtype: dtypeOf(data) },
  ]);
  return Object.fromEntries(specs);
}

/** @throws {TypeError} unless `given` holds exactly the named inputs, each of its type and size */
export function checkInputs(
  specs: Readonly<Record<string, TensorSpec>>,
  given: Readonly<Record<string, TypedArray>>,
): void {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(specs, name)) {
      throw new TypeError(`Unknown input '${name}'. This program takes: ${namesOf(specs)}.`);
    }
  }
  for (const [name, spec] of Object.entries(specs))
    checkArray(`Input '${name}'`, spec, given[name]);
}

function checkArray(what: string, spec: TensorSpec, data: TypedArray | undefined): void {
  const expected = `${arrayOf[spec.dtype].name} of ${sizeOf(spec.shape)} values for shape [${spec.shape}]`;
  if (data === undefined) throw new TypeError(`${what} is missing: expected a ${expected}.`);
  if (!(data instanceof arrayOf[spec.dtype]) || data.length !== sizeOf(spec.shape)) {
    throw new TypeError(
      `${what} must be a ${expected}, got a ${data.constructor.name} of ${data.length}. ` +
        'Shapes are fixed when a step is compiled: compile another program for another shape.',
    );
  }
}

/** @throws {TypeError} if `state` names something `specs` lacks or disagrees on its shape */
export function checkState(
  specs: Readonly<Record<string, TensorSpec>>,
  state: Readonly<Record<string, NamedArray>>,
): void {
  for (const [name, array] of Object.entries(state)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) {
      throw new TypeError(`Unknown state '${name}'. This program carries: ${namesOf(specs)}.`);
    }
    if (array.shape.join() !== spec.shape.join()) {
      throw new TypeError(
        `State '${name}' must have shape [${spec.shape}], got [${array.shape}]. ` +
          'Shapes are fixed when a step is compiled: compile another program for another shape.',
      );
    }
    checkArray(`State '${name}'`, spec, array.data);
  }
}

/** @throws {TypeError} if a step returned state that the program does not carry in that form */
export function checkUpdates(
  specs: Readonly<Record<string, TensorSpec>>,
  updates: Readonly<Record<string, { shape: readonly number[]; dtype: string }>>,
): void {
  for (const [name, { shape, dtype }] of Object.entries(updates)) {
    const known = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!known || known.dtype !== dtype || known.shape.join() !== shape.join()) {
      throw new TypeError(
        `The step returned state '${name}' as ${dtype} [${shape}], but the program carries ` +
          `${known ? `${known.dtype} [${known.shape}]` : 'no such state'}. ` +
          'Return state under its own name, with its own type and shape.',
      );
    }
  }
}

export function disposedError(): Error {
  return new Error('The program was disposed. Make another one to go on.');
}

/** @throws {TypeError} if a saved program takes other inputs than are expected of it */
export function checkSpecs(
  file: string,
  saved: Readonly<Record<string, TensorSpec>>,
  expected: Readonly<Record<string, TensorSpec>>,
): void {
  const described = (specs: Readonly<Record<string, TensorSpec>>) =>
    Object.entries(specs)
      .map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape}]`)
      .sort()
      .join(', ') || 'none';
  if (described(saved) === described(expected)) return;
  throw new TypeError(
    `${file}: the saved program takes the inputs ${described(saved)}, but ${described(expected)} ` +
      'were expected. Load the program that was saved for these, or change what is expected.',
  );
}

function namesOf(specs: Readonly<Record<string, TensorSpec>>): string {
  return Object.keys(specs).join(', ') || 'none';
}
