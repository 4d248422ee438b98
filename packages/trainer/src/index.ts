// A checkpoint is a safetensors file: who trains needs no other package to keep one.
export {
  type NamedArray,
  type NamedArrays,
  readSafetensors,
  type Safetensors,
  SafetensorsError,
  writeSafetensors,
} from '@rodpo/files';
export { type AdamOptions, type AdamUpdate, adam, adamState } from './adam.ts';
export { type Derivative, differentiate } from './differentiate.ts';
export { type FitOptions, type FitProgress, fit } from './fit.ts';
