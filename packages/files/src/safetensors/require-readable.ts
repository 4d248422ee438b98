import type { ElementType } from './element-type.ts';
import type { TensorEntry } from './header.ts';
import { SafetensorsError } from './safetensors-error.ts';

/** What every reader reads. */
export type ReadableEntry = TensorEntry & { readonly dtype: Exclude<ElementType, 'F64'> };

/** @throws {SafetensorsError} if a tensor is of numbers that only `openSafetensors` reads */
export function requireReadable(file: string, entry: TensorEntry): ReadableEntry {
  if (entry.dtype !== 'F64') return entry as ReadableEntry;
  const problem = `tensor '${entry.name}' has element type F64, none of F32, F16, BF16, I32, U8`;
  throw new SafetensorsError(file, problem);
}
