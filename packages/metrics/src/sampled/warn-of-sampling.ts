const message =
  'Sampled metrics mislead: they can order two models the other way round than the full ranking ' +
  'does, and corrected values still have bias or variance. Rank all items where you can. See ' +
  'Krichene and Rendle, "On Sampled Metrics for Item Recommendation", KDD 2020.';

let isConsoleWarned = false;

/** Tells `warn`, every time; without one, tells the console once per process. */
export function warnOfSampling(warn: ((message: string) => void) | undefined): void {
  if (warn) {
    warn(message);
  } else if (!isConsoleWarned) {
    isConsoleWarned = true;
    console.warn(message);
  }
}
