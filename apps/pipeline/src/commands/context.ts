import type { Reporter } from '../run/reporter.ts';

/** What every command is given. */
export interface Context {
  readonly reporter: Reporter;
  /** Aborted when the process is asked to end. Absent: it never is. */
  readonly signal?: AbortSignal;
}
