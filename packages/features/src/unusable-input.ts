/**
 * Why an input has no vector.
 * - `missing`: there is no such file, or the item has no input at all
 * - `corrupt`: truncated, damaged, or not decodable
 * - `unsupported`: a kind of file or value that is not read
 * - `tooLarge`: more pixels or bytes than the limit
 * - `empty`: nothing is left of the text after cleaning
 * - `url`: an address where a file is expected; downloading is a step of its own
 * - `notFinite`: the model answered with NaN or infinity
 * - `unreachable`: a download that failed for good
 * - `refused`: a path out of the folder of the images, or an address that is not to be asked
 */
export type FailureReason =
  | 'missing'
  | 'corrupt'
  | 'unsupported'
  | 'tooLarge'
  | 'empty'
  | 'url'
  | 'notFinite'
  | 'unreachable'
  | 'refused';

/** One input that can have no vector, and why. The run goes on without it. */
export class UnusableInput extends Error {
  override readonly name = 'UnusableInput';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
