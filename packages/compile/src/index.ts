export { type CompileOptions, compile } from './compile.ts';
export { eager } from './eager.ts';
export type {
  DType,
  NamedArray,
  NamedTensors,
  Noise,
  Program,
  ProgramOptions,
  StepContext,
  StepFunction,
  StepResult,
  TensorSpec,
  TypedArray,
  Uniform,
} from './program.ts';
export { type ScanBody, type ScanResult, scan } from './scan.ts';
export type { SessionOptions } from './session.ts';
export { ReadInsideTraceError, UnsupportedKernelError } from './trace-error.ts';
