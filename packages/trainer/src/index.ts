export { type AdamOptions, type AdamUpdate, adam, adamState } from './adam.ts';
export { type Derivative, differentiate } from './differentiate.ts';
export { type FitOptions, type FitProgress, fit } from './fit.ts';
