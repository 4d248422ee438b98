import type { SamplingBatch } from '../negative-sampler.ts';

/**
 * The chosen item of each row, for samplers that cannot do without.
 *
 * @throws {RangeError} if there is none, its length is not `rowCount`, or an item is negative or, in
 * a catalogue of known size, not below `itemCount`
 */
export function checkChosen(
  { chosen, rowCount }: SamplingBatch,
  itemCount: number = Infinity,
): Int32Array {
  if (!chosen) throw new RangeError('This sampler needs the chosen items of the batch, got none');
  if (chosen.length !== rowCount) {
    throw new RangeError(`chosen must have one item per row, ${rowCount}, got ${chosen.length}`);
  }
  const broken = chosen.findIndex((item) => item < 0);
  if (broken >= 0) {
    throw new RangeError(`chosen must be items from 0, got ${chosen[broken]} in row ${broken}`);
  }
  const beyond = chosen.findIndex((item) => item >= itemCount);
  if (beyond >= 0) {
    throw new RangeError(
      `chosen must be from 0 to ${itemCount - 1}, got ${chosen[beyond]} in row ${beyond}`,
    );
  }
  return chosen;
}
