import type { NamedArray, NamedArrays } from '@rodpo/files';
import type { EmbeddingTable } from '../embedding-table.ts';
import { distinctRows, requireCount, requireRoom, requireRows } from '../required-rows.ts';
import type { CatchUp } from './catch-up.ts';
import { loadState } from './load-state.ts';
import { requireRate } from './required-settings.ts';

export interface RowUpdateOptions {
  /** How many of the indices count. Default: all. */
  readonly count?: number;
  /** Of this update. Default: the optimiser's. */
  readonly learningRate?: number;
}

/** Changes the rows of a table that a step touched, and no others. */
export interface RowOptimiser {
  /** Updates so far; one without rows counts too. */
  readonly steps: number;
  /**
   * One update, in place. If it throws, nothing was changed.
   *
   * @param table of as many rows and as wide as the one that the optimiser was made for
   * @param indices `[count]` or longer, each row once
   * @param gradients `[count, width]` or longer, in the order of the indices
   * @throws {RangeError} if a row is not of the table or comes twice, the gradients are too short, the
   * table is of another size, or the rate is no number from 0
   */
  update(
    table: EmbeddingTable,
    indices: Int32Array,
    gradients: Float32Array,
    options?: RowUpdateOptions,
  ): void;
  /**
   * Brings rows to where they are after all updates so far, in place. To be called for the rows that a step
   * is about to read, and for all of them before the table or the state is read as a whole: an optimiser that
   * lets rows wait (`skipped: 'catch-up'`) moves them then. Others have nothing to do.
   *
   * @param indices `[count]` or longer. Default: all rows
   * @param count how many of the indices count. Default: all
   * @throws {RangeError} if a row is not of the table, or the table is of another size
   */
  settle(table: EmbeddingTable, indices?: Int32Array, count?: number): void;
  /**
   * All that it keeps, by name: views of the very arrays, not copies. They change with every update, and
   * what is read into them from a file is loaded.
   */
  state(): Record<string, NamedArray>;
  /**
   * Copies a state of an optimiser of the same kind and size.
   *
   * @throws {RangeError} (actionable) if an array is missing, unknown, or of another shape or type; nothing
   * is loaded then
   */
  load(state: NamedArrays): void;
}

/** An update whose arguments are in order. */
export interface RowUpdate {
  readonly values: Float32Array;
  readonly indices: Int32Array;
  readonly gradients: Float32Array;
  readonly count: number;
  readonly learningRate: number;
  /** This update's number, from 1. */
  readonly step: number;
}

interface Rule {
  readonly learningRate: number;
  /** Where the number of updates is kept, `[]`. */
  readonly stepsName: string;
  /** Everything else that is kept. */
  readonly arrays: NamedArrays;
  readonly apply: (update: RowUpdate) => void;
  /** Of an optimiser whose rows wait. */
  readonly lag?: CatchUp;
}

/** What all of them have in common: the checks, the count of steps, and the state. */
export function rowOptimiser(
  { rows, width }: Pick<EmbeddingTable, 'rows' | 'width'>,
  { learningRate, stepsName, arrays, apply, lag }: Rule,
): RowOptimiser {
  const steps = new Int32Array(1);
  const requireDistinct = distinctRows(rows);
  const state = { [stepsName]: { shape: [], data: steps }, ...arrays };
  const requireTable = (table: EmbeddingTable) => {
    if (table.rows === rows && table.width === width) return;
    const got = `${table.rows} rows of ${table.width}`;
    throw new RangeError(`Expected a table of ${rows} rows of ${width}, got ${got}`);
  };
  return {
    get steps() {
      return steps[0]!;
    },
    update: (table, indices, gradients, options = {}) => {
      const { count = indices.length, learningRate: rate = learningRate } = options;
      requireTable(table);
      requireRate(rate);
      lag?.requireRate(rate);
      requireCount(count, indices);
      requireRoom('gradients', gradients, count * width);
      requireRows(indices, count, rows);
      requireDistinct(indices, count);
      steps[0]! += 1;
      const { values } = table;
      apply({ values, indices, gradients, count, learningRate: rate, step: steps[0]! });
    },
    settle: (table, indices, count = indices?.length ?? 0) => {
      requireTable(table);
      const { values } = table;
      if (!indices) {
        lag?.settleAll(values, steps[0]!);
        return;
      }
      requireCount(count, indices);
      requireRows(indices, count, rows);
      lag?.settle({ values, indices, count }, steps[0]!);
    },
    state: () => ({ ...state }),
    load: (saved) => loadState(state, saved),
  };
}
