import { actionable } from '@rodpo/errors';
import { type Pixels, requirePixels } from './pixels.ts';
import { requireCounts } from './require-counts.ts';

export interface OrientedGradientsOptions {
  /** Bins of the direction, which has no sign: 0 to 180 degrees. Default 9. */
  readonly orientations?: number;
  /** Side of the square cells that have a histogram each, in pixels. Default 32. */
  readonly cellSize?: number;
  /** Side of the overlapping blocks that are normalised each, in cells. Default 2. */
  readonly blockSize?: number;
}

/**
 * Histograms of oriented gradients: which way edges run, in each part of an image.
 *
 * As in scikit-image: the channel with the steepest gradient counts, at each pixel; hard bins;
 * no smoothing of blocks; blocks normalised by "L2-Hys" (length one, cut at 0.2, length one).
 * Pixels beyond the last whole cell are left out.
 *
 * @returns `[blockRows, blockColumns, blockSize, blockSize, orientations]`, where `blockRows` is
 * `floor(height / cellSize) - blockSize + 1`
 * @throws {RangeError} if an option is not a positive integer, there are not three values for each
 * pixel, or the image is smaller than one block
 * @see Dalal and Triggs, 2005, https://doi.org/10.1109/CVPR.2005.177
 * @see https://scikit-image.org/docs/stable/api/skimage.feature.html#skimage.feature.hog
 */
export function orientedGradients(
  pixels: Pixels,
  { orientations = 9, cellSize = 32, blockSize = 2 }: OrientedGradientsOptions = {},
): Float32Array {
  requirePixels(pixels);
  requireCounts({ orientations, cellSize, blockSize });
  const rows = Math.floor(pixels.height / cellSize);
  const columns = Math.floor(pixels.width / cellSize);
  if (Math.min(rows, columns) < blockSize) {
    throw actionable(
      new RangeError(
        `One block of ${blockSize} × ${blockSize} cells needs ${blockSize * cellSize} pixels a ` +
          `side, got ${pixels.width} × ${pixels.height}`,
      ),
    );
  }
  const cells = gradientCells(pixels, { rows, columns, cellSize, orientations });
  const blocks: number[] = [];
  for (let row = 0; row + blockSize <= rows; row++) {
    for (let column = 0; column + blockSize <= columns; column++) {
      const block: number[] = [];
      for (let line = row; line < row + blockSize; line++) {
        const start = (line * columns + column) * orientations;
        block.push(...cells.subarray(start, start + blockSize * orientations));
      }
      blocks.push(...clippedUnitLength(block));
    }
  }
  return Float32Array.from(blocks);
}

interface CellGrid {
  readonly rows: number;
  readonly columns: number;
  readonly cellSize: number;
  readonly orientations: number;
}

/** `[rows, columns, orientations]`: mean gradient of each direction; zero at the image's border. */
function gradientCells(pixels: Pixels, grid: CellGrid): Float64Array {
  const { rows, columns, cellSize, orientations } = grid;
  const cells = new Float64Array(rows * columns * orientations);
  for (let row = 0; row < rows * cellSize; row++) {
    const cellRow = Math.floor(row / cellSize) * columns;
    for (let column = 0; column < columns * cellSize; column++) {
      const [down, right] = steepest(pixels, row, column);
      const degrees = (Math.atan2(down, right) * 180) / Math.PI;
      const unsigned = ((degrees % 180) + 180) % 180;
      const bin = Math.min(orientations - 1, Math.floor(unsigned / (180 / orientations)));
      const cell = cellRow + Math.floor(column / cellSize);
      cells[cell * orientations + bin]! += Math.hypot(down, right) / (cellSize * cellSize);
    }
  }
  return cells;
}

/** Differences down and to the right of the channel where they are largest; ties: the first. */
function steepest({ width, height, data }: Pixels, row: number, column: number): [number, number] {
  const at = (row * width + column) * 3;
  const isInRows = row > 0 && row < height - 1;
  const isInColumns = column > 0 && column < width - 1;
  let [down, right, steepness] = [0, 0, -1];
  for (let channel = at; channel < at + 3; channel++) {
    const vertical = isInRows ? data[channel + width * 3]! - data[channel - width * 3]! : 0;
    const horizontal = isInColumns ? data[channel + 3]! - data[channel - 3]! : 0;
    const squared = vertical * vertical + horizontal * horizontal;
    if (squared > steepness) [down, right, steepness] = [vertical, horizontal, squared];
  }
  return [down, right];
}

function clippedUnitLength(block: readonly number[]): number[] {
  return unitLength(unitLength(block).map((value) => Math.min(value, 0.2)));
}

/** The small term keeps flat parts at zero instead of blowing up their noise. */
function unitLength(block: readonly number[]): number[] {
  const squares = block.reduce((sum, value) => sum + value * value, 0);
  const length = Math.sqrt(squares + 1e-5 ** 2);
  return block.map((value) => value / length);
}
