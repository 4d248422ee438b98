/**
 * Whether tests face mutants (`pnpm test:mutants`): they run thousands of times, and of cases that
 * differ in nothing that the app's own code decides, such as the engine, one has to do.
 */
export const isQuick = process.env.RODPO_TEST_TIER === 'quick';

/** The cases to run: all, or in the quick tier those named. */
export function tierOf<Case>(all: readonly Case[], isNeeded: (one: Case) => boolean): Case[] {
  return isQuick ? all.filter(isNeeded) : [...all];
}
