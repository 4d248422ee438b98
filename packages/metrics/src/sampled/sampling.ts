import { requirePositiveInteger } from '@rodpo/errors';

/** How ranks among a sample came about, and who is told what they are worth. */
export interface Sampling {
  /** Irrelevant items drawn per case, uniformly and with replacement, to rank the target among. */
  readonly sampleCount: number;
  /** Items that a full ranking would have, the target included. */
  readonly itemCount: number;
  /** Gets the warning that sampled metrics mislead; by default the console, once per process. */
  readonly warn?: (message: string) => void;
}

/** @throws {RangeError} unless `sampleCount` is at least 1 and `itemCount` at least 2, both integers */
export function checkSampling({ sampleCount, itemCount }: Sampling): void {
  requirePositiveInteger('sampleCount', sampleCount, 'Count the items drawn beside the target.');
  if (!Number.isInteger(itemCount) || itemCount < 2) {
    throw new RangeError(
      `itemCount must be an integer of at least 2, got ${itemCount}. ` +
        'Count every item of a full ranking, the target included.',
    );
  }
}
