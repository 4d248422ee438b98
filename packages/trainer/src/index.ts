// A checkpoint is a safetensors file: who trains needs no other package to keep one.
export {
  type NamedArray,
  type NamedArrays,
  readSafetensors,
  type Safetensors,
  SafetensorsError,
  writeSafetensors,
} from '@rodpo/files';
export { type AccumulatedGradients, accumulate, accumulationState, choose } from './accumulate.ts';
export { type AdamOptions, type AdamUpdate, adam, adamState } from './adam.ts';
export { type AdamWOptions, adamW } from './adam-w.ts';
export { type AverageOptions, average, averageState, averagesOf } from './averages.ts';
export type { Checkpoint, Checkpoints, TrainingProgress } from './checkpoints/checkpoints.ts';
export type { CheckpointOptions } from './checkpoints/checkpoints-in.ts';
export {
  type FolderCheckpointsOptions,
  folderCheckpoints,
} from './checkpoints/folder-checkpoints.ts';
export { memoryCheckpoints } from './checkpoints/memory-checkpoints.ts';
export { progressOfText, textOfProgress } from './checkpoints/progress-text.ts';
export { savedInFile } from './checkpoints/saved-in-file.ts';
export { savedInMemory } from './checkpoints/saved-in-memory.ts';
export type { SavedTensors } from './checkpoints/saved-tensors.ts';
export { type ClippedGradients, clipByGlobalNorm } from './clip-by-global-norm.ts';
export { type Derivative, differentiate } from './differentiate.ts';
export type { EpochReport, FitCallbacks, StepReport } from './fit/callbacks.ts';
export { fit } from './fit/fit.ts';
export type { FitOptions } from './fit/fit-epochs.ts';
export type { EpochPlace, FitStepsOptions, StepPlace, TrainedProgram } from './fit/fit-steps.ts';
export { jsonLinesLog } from './logs/json-lines-log.ts';
export { type LogToOptions, logTo } from './logs/log-to.ts';
export type { LogEntry, LogPlace, ScalarLog } from './logs/scalar-log.ts';
export { type TensorBoardLogOptions, tensorBoardLog } from './logs/tensor-board-log.ts';
export {
  type Optimiser,
  type OptimiserOptions,
  type OptimiserUpdate,
  optimiser,
} from './optimiser.ts';
export type { FigureSums } from './progress/figures.ts';
export { type FitLimits, type FitProgress, goesOn } from './progress/progress.ts';
export { type ConstantScheduleOptions, constantSchedule } from './schedules/constant-schedule.ts';
export { type CosineScheduleOptions, cosineSchedule } from './schedules/cosine-schedule.ts';
export { type LinearScheduleOptions, linearSchedule } from './schedules/linear-schedule.ts';
export type { Schedule } from './schedules/schedule.ts';
export type { WarmUp } from './schedules/warm-up.ts';
export { type SgdOptions, sgd, sgdState } from './sgd.ts';
