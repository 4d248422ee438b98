import { actionable } from '@rodpo/errors';
import { type Pixels, requirePixels } from './pixels.ts';
import { requireCounts } from './require-counts.ts';

export interface ColourHistogramOptions {
  /** Default 8. */
  readonly hueBins?: number;
  /** Default 3. */
  readonly saturationBins?: number;
  /** Default 3. */
  readonly valueBins?: number;
  /** The image is cut into `grid × grid` cells, each with a histogram of its own. Default 2. */
  readonly grid?: number;
}

/**
 * How often each colour occurs in each part of an image: hard bins of hue, saturation and value.
 *
 * Each cell's counts are made to sum to one and their square roots are taken, so the dot product
 * of two results is the mean of the cells' Bhattacharyya coefficients: 1 for equal colours, 0 if
 * no colour is shared.
 *
 * @returns `[grid, grid, hueBins, saturationBins, valueBins]`, of length one
 * @throws {RangeError} if an option is not a positive integer, there are not three values for each
 * pixel, or the image has fewer rows or columns than the grid
 * @see Swain and Ballard, "Color indexing", 1991, https://doi.org/10.1007/BF00130487
 * @see Bhattacharyya, "On a measure of divergence between two multinomial populations", 1946
 */
export function colourHistogram(
  pixels: Pixels,
  { hueBins = 8, saturationBins = 3, valueBins = 3, grid = 2 }: ColourHistogramOptions = {},
): Float32Array {
  requirePixels(pixels);
  requireCounts({ hueBins, saturationBins, valueBins, grid });
  const { width, height, data } = pixels;
  if (Math.min(width, height) < grid) {
    throw actionable(
      new RangeError(`A ${grid} × ${grid} grid needs as many pixels, got ${width} × ${height}`),
    );
  }
  const binsPerCell = hueBins * saturationBins * valueBins;
  const counts = new Float64Array(grid * grid * binsPerCell);
  for (let row = 0, at = 0; row < height; row++) {
    const cellRow = Math.floor((row * grid) / height) * grid;
    for (let column = 0; column < width; column++, at += 3) {
      const [hue, saturation, value] = hsv(data[at]!, data[at + 1]!, data[at + 2]!);
      const hueBin = Math.min(hueBins - 1, Math.floor(hue * hueBins));
      const saturationBin = Math.min(saturationBins - 1, Math.floor(saturation * saturationBins));
      const valueBin = (value * valueBins) >> 8;
      const bin = (hueBin * saturationBins + saturationBin) * valueBins + valueBin;
      const cell = cellRow + Math.floor((column * grid) / width);
      counts[cell * binsPerCell + bin]!++;
    }
  }
  return Float32Array.from(hellinger(counts, binsPerCell));
}

/** Hue and saturation in [0, 1), [0, 1]; value from 0 to 255. Hue is 0 for grey. */
function hsv(red: number, green: number, blue: number): [number, number, number] {
  const value = Math.max(red, green, blue);
  const spread = value - Math.min(red, green, blue);
  if (spread === 0) return [0, 0, value];
  const sextant =
    value === blue
      ? 4 + (red - green) / spread
      : value === green
        ? 2 + (blue - red) / spread
        : (green - blue) / spread;
  return [(sextant < 0 ? sextant + 6 : sextant) / 6, spread / value, value];
}

/** Cells of equal weight, whatever their pixel counts. */
function hellinger(counts: Float64Array, binsPerCell: number): Float64Array {
  const cellCount = counts.length / binsPerCell;
  for (let cell = 0; cell < cellCount; cell++) {
    const histogram = counts.subarray(cell * binsPerCell, (cell + 1) * binsPerCell);
    const pixelCount = histogram.reduce((sum, count) => sum + count, 0);
    for (let bin = 0; bin < binsPerCell; bin++) {
      histogram[bin] = Math.sqrt(histogram[bin]! / pixelCount / cellCount);
    }
  }
  return counts;
}
