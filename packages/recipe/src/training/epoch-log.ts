/** Figures of one epoch. */
export interface EpochEntry {
  /** Name of what was trained. */
  readonly stage: string;
  readonly epoch: number;
  /** A figure that is no number, such as a rate of what is not known, is read back as null. */
  readonly [figure: string]: number | string | null;
}

/** Figures that differ from run to run of equal settings. */
export const timings: readonly string[] = ['seconds', 'examplesPerSecond'];

/** An entry without what differs from run to run: the same for each run with equal settings. */
export function untimed(entry: EpochEntry): EpochEntry {
  const kept = Object.entries(entry).filter(([name]) => !timings.includes(name));
  return Object.fromEntries(kept) as EpochEntry;
}
