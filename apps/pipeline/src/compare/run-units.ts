import type { ComparisonFolder } from './comparison-folder.ts';
import { doUnit, type UnitWork } from './do-unit.ts';
import { isDone } from './unit-results.ts';
import { describeUnit, type Unit } from './units.ts';

/** Does one unit after the other, but for those that are done. */
export async function runUnits(
  comparison: ComparisonFolder,
  units: readonly Unit[],
): Promise<void> {
  for (const unit of units) await runUnit(comparison, unit, units);
}

/** Does a unit unless it is done, and says which of all it is. */
export async function runUnit(
  comparison: ComparisonFolder,
  unit: Unit,
  all: readonly Unit[],
  work?: UnitWork,
): Promise<void> {
  if (await isDone(comparison, unit)) return;
  comparison.reporter.say(`${all.indexOf(unit) + 1} of ${all.length}: ${describeUnit(unit)}`);
  await doUnit(comparison, unit, work);
}
