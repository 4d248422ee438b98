import {
  add,
  customGrad,
  gather,
  range,
  reshape,
  scatterND,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/**
 * From each row of `values` `[n, columns]` those at `indices` `[n, k]` (int32, distinct in a row):
 * `[n, k]`. Gradients reach `values`.
 */
export function valuesAt(values: Tensor2D, indices: Tensor2D): Tensor2D {
  return run(values, (table, save) => {
    const cells = cellsOf(indices, values.shape[1]);
    // Saved, because a `tidy` around the call may free the indices before the way back.
    save([cells]);
    return {
      value: read(table, cells),
      gradFunc: (gradient, [saved]) => write(gradient, saved as Tensor2D, values.shape),
    };
  });
}

/**
 * The way back of `valuesAt`: `values` `[n, k]` in the columns that `indices` `[n, k]` name, and
 * zeros elsewhere, `[n, columns]`. Gradients reach `values`.
 */
export function putAt(values: Tensor2D, indices: Tensor2D, columns: number): Tensor2D {
  return run(values, (entries, save) => {
    const cells = cellsOf(indices, columns);
    save([cells]);
    return {
      value: write(entries, cells, [values.shape[0], columns]),
      gradFunc: (gradient, [saved]) => read(gradient, saved as Tensor2D),
    };
  });
}

function run(
  values: Tensor2D,
  f: (
    values: Tensor,
    save: (tensors: Tensor[]) => void,
  ) => { value: Tensor; gradFunc: (gradient: Tensor, saved: Tensor[]) => Tensor },
): Tensor2D {
  return customGrad((x, save) => f(x as Tensor, save as (tensors: Tensor[]) => void))(
    values,
  ) as Tensor2D;
}

/** Places in the flat table: `[n, k]` int32. */
function cellsOf(indices: Tensor2D, columns: number): Tensor2D {
  const starts = range(0, indices.shape[0] * columns, columns, 'int32');
  return add(reshape(starts, [-1, 1]), indices);
}

function read(table: Tensor, cells: Tensor2D): Tensor {
  return gather(reshape(table, [-1]) as Tensor1D, cells);
}

/** All cells differ, hence nothing is added up, in whatever order a backend scatters. */
function write(values: Tensor, cells: Tensor2D, shape: [number, number]): Tensor {
  const flat = scatterND(reshape(cells, [-1, 1]), reshape(values, [-1]), [shape[0] * shape[1]]);
  return reshape(flat, shape);
}
