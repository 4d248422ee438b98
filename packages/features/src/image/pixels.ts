import { actionable } from '@rodpo/errors';

/** A decoded image of 8 bits per channel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`: red, green, blue. */
  readonly data: Uint8Array;
}

/** @throws {RangeError} if there are more or fewer values than that */
export function requirePixels({ width, height, data }: Pixels): void {
  const expected = width * height * 3;
  if (data.length === expected) return;
  throw actionable(
    new RangeError(
      `Pixels of ${width} × ${height} in three channels are ${expected} values, got ${data.length}`,
    ),
  );
}
