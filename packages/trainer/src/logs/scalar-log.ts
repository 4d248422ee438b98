/** Figures by step, for people to look at. */
export interface ScalarLog {
  /**
   * Opens the log. What was logged after this place, by a process that was killed before it had
   * saved, is taken back.
   */
  begin(place: LogPlace): Promise<void>;
  write(entry: LogEntry): Promise<void>;
  close(): Promise<void>;
}

/** Where a training stands. */
export interface LogPlace {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps done. */
  readonly totalStep: number;
}

export interface LogEntry {
  /** The step that it is of, counted from 1. */
  readonly step: number;
  /** The epoch that it is of as a whole, from 1; not there for a step's figures. */
  readonly epoch?: number;
  readonly figures: Readonly<Record<string, number>>;
}
