import type { OperatorTime } from './profile.ts';
import type { InputSpecs, NamedTensors, Program } from './program.ts';

/** A program in one native session. */
export interface CompiledProgram<
  Inputs extends InputSpecs = InputSpecs,
  Outputs extends Readonly<NamedTensors> = NamedTensors,
> extends Program<Inputs, Outputs> {
  /** Nodes of its graph, before onnxruntime's own rewriting. */
  readonly nodeCount: number;
  /**
   * Writes the program with the state it has now as one file, which `loadProgram` makes a program of
   * without its step. The file is safetensors with a checksum, and appears complete or not at all. A
   * frozen program stays frozen. Options of the session, as `threads`, are not part of it.
   *
   * @throws {Error} if a run that changes state has not ended, or the program was disposed of
   * @throws the file system's error, with its `code`
   */
  save(file: string): Promise<void>;
  /**
   * Time per operator over all runs so far, longest first. Ends the profiling: call it once.
   *
   * @throws {Error} if the program was compiled without `profile: true`
   */
  profile(): Promise<OperatorTime[]>;
}
