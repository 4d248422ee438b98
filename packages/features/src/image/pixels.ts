/** A decoded image of 8 bits per channel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`: red, green, blue. */
  readonly data: Uint8Array;
}
