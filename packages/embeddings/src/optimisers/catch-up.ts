import { readAhead, rowsAhead } from '../read-ahead.ts';
import { skippedSteps } from './skipped-steps.ts';

export interface CatchUpOptions {
  readonly rows: number;
  readonly width: number;
  /** Adam's moments, `[rows, width]`. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Rows in any order, each as often as it comes. */
interface SomeRows {
  readonly values: Float32Array;
  readonly indices: Int32Array;
  readonly count: number;
}

/** Rows that lag behind the steps, and are brought to where dense Adam has them when they are asked for. */
export interface CatchUp {
  /** Whether no row lags. */
  readonly isDone: boolean;
  /** Begins anew after a step: no row lags. */
  restart(step: number): void;
  /** Tells which step was the last: another than was noted is that of a state that was read in. */
  startAfter(step: number): void;
  /** Brings rows up to the last step. */
  settle(some: SomeRows): void;
  /** Brings all rows up to the last step. */
  settleAll(values: Float32Array): void;
  /** Notes a step that moved these rows itself, its rate with bias corrections. */
  passed(touched: Pick<SomeRows, 'indices' | 'count'>, rate: number, remains: number): void;
}

export function catchUp(options: CatchUpOptions): CatchUp {
  const { rows, width, beta1, beta2, epsilon } = options;
  const skipped = skippedSteps(beta1, beta2);
  const touched = new Int32Array(rows);
  let last = 0;
  let isDone = true;

  const restart = (step: number): void => {
    last = step;
    isDone = true;
    touched.fill(step);
    skipped.restart(step);
  };
  const settleRow = (values: Float32Array, row: number, smallest: number): void => {
    const since = touched[row]!;
    if (since === last) return;
    touched[row] = last;
    const skips = last - since;
    moveOn(options, {
      ...{ values, from: row * width, smallest },
      keep1: skips > skipped.reach ? 0 : beta1 ** skips,
      keep2: beta2 ** skips,
      moved: skipped.movedAfter(since),
      remains: skipped.remainsAfter(since),
    });
  };
  /** Epsilon as the last step had it, before its bias correction. */
  const smallestRoot = () => epsilon * Math.sqrt(1 - beta2 ** last);

  return {
    get isDone() {
      return isDone;
    },
    restart,
    startAfter: (step) => {
      if (step !== last) restart(step);
    },
    settle: ({ values, indices, count }) => {
      if (isDone) return;
      const smallest = smallestRoot();
      for (let n = 0; n < count; n++) {
        if (n % rowsAhead === 0) {
          const next = { indices, count, place: n };
          for (const array of [values, options.first, options.second]) {
            readAhead(array, width, next);
          }
        }
        settleRow(values, indices[n]!, smallest);
      }
    },
    settleAll: (values) => {
      if (isDone) return;
      const smallest = smallestRoot();
      for (let row = 0; row < rows; row++) settleRow(values, row, smallest);
      restart(last);
    },
    passed: ({ indices, count }, rate, remains) => {
      last += 1;
      for (let n = 0; n < count; n++) touched[indices[n]!] = last;
      skipped.passed(rate, remains);
      isDone = false;
    },
  };
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
  for (let at = from; at < from + width; at++) {
    const m = first[at]!;
    const v = second[at]!;
    // A moment of nothing moves nothing, also where epsilon is 0.
    const move = m === 0 ? 0 : (moved * m) / (Math.sqrt(v) + smallest);
    values[at] = remains * values[at]! - move;
    first[at] = keep1 * m;
    second[at] = keep2 * v;
  }
}
