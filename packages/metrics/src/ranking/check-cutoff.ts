import { requirePositiveInteger } from '@rodpo/errors';

/** @throws {RangeError} unless `cutoff` is a positive integer */
export function checkCutoff(cutoff: number): void {
  requirePositiveInteger('cutoff', cutoff, 'Pass the length of the list to judge.');
}
