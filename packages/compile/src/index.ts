export { type CompileOptions, compile } from './compile.ts';
export type { CompiledProgram } from './compiled-program.ts';
export { eager } from './eager.ts';
export { ExecutionProviderError } from './execution-provider-error.ts';
export { type ExportOptions, exportOnnx } from './export-onnx.ts';
export type { ExportSpec } from './export-spec.ts';
export { groupedLinear } from './grouped-linear.ts';
export { gumbelNoise } from './gumbel-noise.ts';
export { type LoadOptions, loadProgram } from './load-program.ts';
export { DynamicShapeError } from './merge-traces.ts';
export type { OperatorTime } from './profile.ts';
export type {
  ArrayTypes,
  DType,
  InputArrays,
  InputSpecs,
  InputTensors,
  NamedTensors,
  OutputArrays,
  Program,
  ProgramOptions,
  RunOptions,
  StepContext,
  StepFunction,
  StepResult,
  TensorSpec,
  TypedArray,
} from './program.ts';
export { ProgramVersionError } from './program-version-error.ts';
export { scan } from './scan.ts';
export type { SessionOptions, Spinning } from './session.ts';
export {
  RandomInsideTraceError,
  ReadInsideTraceError,
  UnsupportedKernelError,
} from './trace-error.ts';
