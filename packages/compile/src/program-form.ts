import type { TensorSpec } from './program.ts';

/** All that is known of a compiled program besides its graph and its state. Plain JSON. */
export interface ProgramForm {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  /** What the program carries, by name: state and variables. */
  readonly carried: Readonly<Record<string, TensorSpec>>;
  /** Names of the variables among it. */
  readonly variables: readonly string[];
  /** Names of what the graph reads of it. */
  readonly read: readonly string[];
  /** Names of what a run replaces. */
  readonly updated: readonly string[];
  /** Draws of a run. */
  readonly drawCount: number;
  /** Whether what is carried goes into the graph as constants. The graph lacks them then. */
  readonly isFrozen: boolean;
  /** Nodes as they were traced. */
  readonly nodeCount: number;
}
