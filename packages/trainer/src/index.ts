export { type AdamOptions, type AdamUpdate, adam, adamState } from './adam.ts';
export { type Derivative, differentiate } from './differentiate.ts';
export { type FitOptions, type FitProgress, fit } from './fit.ts';
export type { NamedArray, NamedArrays } from './named-array.ts';
export { readSafetensors, type Safetensors, writeSafetensors } from './safetensors.ts';
export { SafetensorsError } from './safetensors-error.ts';
