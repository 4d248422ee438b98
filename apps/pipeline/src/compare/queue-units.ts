import { sha256Of } from '@rodpo/files';
import { type CompleteReport, completeShards, queueProgress, type ShardQueue } from '@rodpo/queue';
import { queueIncomplete } from '../run/queue-incomplete.ts';
import type { ComparisonFolder } from './comparison-folder.ts';
import { watchOthers } from './others-at-work.ts';
import { runUnit } from './run-units.ts';
import { isDone } from './unit-results.ts';
import { describeUnit, phases, type Unit } from './units.ts';

export interface QueueOptions {
  /** A Redis URL. */
  readonly queue: string;
  /** Units that the queue gave up are sent again. */
  readonly retryFailed?: boolean;
}

/** Failures of a unit mostly repeat themselves: they are no network's. */
const attempts = 2;
/**
 * Milliseconds after which a worker without a sign of life loses its unit. A step or the opening of
 * a program may keep timers waiting for half of it; a unit that is lost goes on from its checkpoint.
 */
const lockDuration = 30_000;

/**
 * Does what it can get of the units, phase by phase, while other processes do the same. A phase
 * ends when nothing of it is left anywhere.
 *
 * @throws {QueueIncompleteError} if units were given up
 */
export async function queueUnits(
  comparison: ComparisonFolder,
  units: readonly Unit[],
  { queue: connection, retryFailed = false }: QueueOptions,
): Promise<void> {
  for (const phase of phases) {
    const own = units.filter((unit) => unit.phase === phase);
    if (own.length === 0) continue;
    const queue = { connection, name: nameOf(comparison, phase, own) };
    const report = await workOn({ comparison, units, own, queue, phase, retryFailed });
    comparison.signal.throwIfAborted();
    if (report.missing.length === 0) continue;
    const describe = (index: number) => describeUnit(own[index]!);
    throw queueIncomplete(queue, report, { units: 'units', describe, otherwise: 'compare' });
  }
}

/** Equal on every machine; another one for another folder, or for one that has grown. */
function nameOf({ id }: ComparisonFolder, phase: Unit['phase'], units: readonly Unit[]): string {
  const identity = [id, ...units.map(describeUnit)];
  const digest = sha256Of(JSON.stringify(identity)).slice(0, 12);
  return `rodpo-compare-${phase}-${digest}`;
}

interface Phase {
  readonly comparison: ComparisonFolder;
  /** Of all phases, and of this one. */
  readonly units: readonly Unit[];
  readonly own: readonly Unit[];
  readonly queue: ShardQueue;
  readonly phase: Unit['phase'];
  readonly retryFailed: boolean;
}

async function workOn(work: Phase): Promise<CompleteReport> {
  const { comparison, units, own, queue, phase, retryFailed } = work;
  const { say } = comparison.reporter;
  const others = watchOthers({
    left: () => queueProgress(queue),
    onWaiting: (count) => say(`${phase}: waiting for ${count} units that others are at`),
  });
  try {
    return await completeShards(
      queue,
      (index, work) => others.whileBusy(() => runUnit(comparison, own[index]!, units, work)),
      {
        shardCount: own.length,
        attempts,
        retryFailed,
        lockDuration,
        missing: () => missingOf(comparison, own),
        onSentAgain: (count) =>
          say(`${phase}: the queue has lost ${count} units; they are sent again`),
        signal: comparison.signal,
        onFailed: (index, { message }, attemptsLeft) =>
          say(`${describeUnit(own[index]!)}: ${message} (${attemptsLeft} attempts left)`),
      },
    );
  } finally {
    await others.stop();
  }
}

async function missingOf(comparison: ComparisonFolder, units: readonly Unit[]): Promise<number[]> {
  const done = await Promise.all(units.map((unit) => isDone(comparison, unit)));
  return [...units.keys()].filter((index) => !done[index]);
}
