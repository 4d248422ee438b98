/** @throws {RangeError} unless `confidence` lies strictly between 0 and 1 */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `confidence must lie between 0 and 1, got ${confidence}. Write 95 % as 0.95.`,
    );
  }
}
