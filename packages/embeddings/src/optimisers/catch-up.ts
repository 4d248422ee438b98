import type { NamedArrays } from '@rodpo/files';
import { readAhead, rowsAhead } from '../read-ahead.ts';
import { requireFading, requireSlowDecay } from './required-settings.ts';
import { skippedSteps, stepsKept } from './skipped-steps.ts';

export interface CatchUpOptions {
  readonly rows: number;
  readonly width: number;
  /** Adam's moments, `[rows, width]`. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Rows in any order, each as often as it comes. */
interface SomeRows {
  readonly values: Float32Array;
  readonly indices: Int32Array;
  readonly count: number;
}

/** Rows that lag behind the steps, and are brought to where dense Adam has them when they are asked for. */
export interface CatchUp {
  /** By name; what is read into them is loaded. */
  readonly arrays: NamedArrays;
  /** @throws {RangeError} (actionable) if a step at that rate would leave too little of a weight */
  requireRate(learningRate: number): void;
  /** Brings rows up to the last step. */
  settle(some: SomeRows, last: number): void;
  /** Brings all rows up to the last step. */
  settleAll(values: Float32Array, last: number): void;
  /** Notes a step that moved these rows itself, its rate with bias corrections. */
  passed(moved: SomeRows, step: PassedStep): void;
}

interface PassedStep {
  readonly step: number;
  readonly rate: number;
  /** Share of a weight that its decay leaves. */
  readonly remains: number;
}

/** @throws {RangeError} (actionable) if what a gradient moves would never fade */
export function catchUp(options: CatchUpOptions): CatchUp {
  const { rows, width, beta1, beta2, weightDecay } = options;
  requireFading(beta1, beta2);
  const skipped = skippedSteps(beta1, beta2);
  // A first moment that moves nothing more is 0.
  const keep1 = powers(beta1).fill(0, skipped.reach + 1);
  const keep2 = powers(beta2);
  /** The step that a row is brought up to. */
  const touched = new Int32Array(rows);

  const settleRow = (values: Float32Array, row: number, last: number, smallest: number): void => {
    const since = touched[row]!;
    if (since === last) return;
    touched[row] = last;
    // One object without spreads: this runs thousands of times a step.
    moveOn(options, {
      values,
      from: row * width,
      smallest,
      keep1: keep1[last - since]!,
      keep2: keep2[last - since]!,
      moved: skipped.movedBetween(since, last),
      remains: skipped.remainsBetween(since, last),
    });
  };
  /** Epsilon as a step has it, before its bias correction. */
  const smallestRoot = (step: number) => options.epsilon * Math.sqrt(1 - beta2 ** step);
  const settleAll = (values: Float32Array, last: number): void => {
    const smallest = smallestRoot(last);
    for (let row = 0; row < rows; row++) settleRow(values, row, last, smallest);
  };

  return {
    arrays: {
      'adam.touched': { shape: [rows], data: touched },
      'adam.skipped': { shape: [skipped.state.length], data: skipped.state },
    },
    requireRate: (learningRate) => requireSlowDecay(learningRate, weightDecay),
    settle: ({ values, indices, count }, last) => {
      const smallest = smallestRoot(last);
      for (let place = 0; place < count; place += rowsAhead) {
        const end = Math.min(place + rowsAhead, count);
        let late = 0;
        for (let n = place; n < end; n++) if (touched[indices[n]!] !== last) late++;
        if (late === 0) continue;
        readAhead([values, options.first, options.second], width, { indices, count, place });
        for (let n = place; n < end; n++) settleRow(values, indices[n]!, last, smallest);
      }
    },
    settleAll,
    passed: ({ values, indices, count }, { step, rate, remains }) => {
      for (let n = 0; n < count; n++) touched[indices[n]!] = step;
      skipped.passed(step, rate, remains);
      if (step % stepsKept === 0) settleAll(values, step);
    },
  };
}

/** By the steps that a row has skipped, what they leave of a moment. */
function powers(beta: number): Float64Array {
  return Float64Array.from({ length: stepsKept + 1 }, (_, skips) => beta ** skips);
}

interface Move {
  readonly values: Float32Array;
  readonly from: number;
  /** Added to the root of the second moment. */
  readonly smallest: number;
  readonly keep1: number;
  readonly keep2: number;
  readonly moved: number;
  readonly remains: number;
}

function moveOn(
  { width, first, second }: CatchUpOptions,
  { values, from, smallest, keep1, keep2, moved, remains }: Move,
): void {
  const end = from + width;
  for (let at = from; at < end; at++) {
    const m = first[at]!;
    const v = second[at]!;
    values[at] = remains * values[at]! - (moved * m) / (Math.sqrt(v) + smallest);
    first[at] = keep1 * m;
    second[at] = keep2 * v;
  }
}
