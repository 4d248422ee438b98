import { actionable } from '@rodpo/errors';
/**
 * What row `row` of `vectors` is multiplied with to have length 1.
 *
 * @throws {RangeError} if the row is all zeros, or holds NaN or an infinity
 */
export function unitScale(
  name: string,
  vectors: Float32Array,
  row: number,
  dimension: number,
): number {
  let squares = 0;
  for (let at = row * dimension; at < (row + 1) * dimension; at++) squares += vectors[at]! ** 2;
  if (squares > 0 && squares < Infinity) return 1 / Math.sqrt(squares);
  throw actionable(
    new RangeError(
      squares === 0
        ? `${name}: row ${row} is present but all zeros, and so has no direction. ` +
            'Mark it as absent, or do not normalise.'
        : `${name}: row ${row} holds NaN or an infinity. Mark it as absent.`,
    ),
  );
}
