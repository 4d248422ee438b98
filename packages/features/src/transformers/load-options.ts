import { actionable } from '@rodpo/errors';
import { isXenova, type Transformers } from './transformers.ts';
import type { TransformersOptions, WeightFormat } from './transformers-options.ts';

/** What transformers.js puts behind the name of a graph. */
const suffixes: Readonly<Record<WeightFormat, string>> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};

/** @throws {RangeError} if `dtype` is not a known format */
export function graphName(name: string, dtype: WeightFormat): string {
  const suffix = suffixes[dtype];
  if (suffix !== undefined) return `${name}${suffix}`;
  const known = Object.keys(suffixes).join(', ');
  throw actionable(new RangeError(`dtype must be one of ${known}, got ${JSON.stringify(dtype)}`));
}

/**
 * Options of `from_pretrained`, in the words of each package. An object of its own for every
 * call: `@xenova/transformers` writes into it.
 *
 * @throws {RangeError} if the package cannot do what is asked
 */
export function loadOptions(
  transformers: Transformers,
  name: string,
  { dtype = 'fp32', device = 'cpu', threads }: TransformersOptions,
): Record<string, unknown> {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw actionable(new RangeError(`threads must be a positive integer, got ${threads}`));
  }
  if (!isXenova(transformers)) {
    return {
      local_files_only: true,
      model_file_name: name,
      dtype,
      device, // always named: `auto` tries CUDA on Linux, and fails without
      session_options: threads === undefined ? {} : { intraOpNumThreads: threads },
    };
  }
  if (device !== 'cpu' || threads !== undefined) {
    throw actionable(
      new RangeError(
        '@xenova/transformers runs on the CPU with onnxruntime’s number of threads: leave out ' +
          'device and threads, or install @huggingface/transformers',
      ),
    );
  }
  // Its `quantized` knows two formats; the full name of the file reaches all of them.
  return { local_files_only: true, model_file_name: graphName(name, dtype), quantized: false };
}
