import { isJsonObject } from '@rodpo/files';
import type { FailureReason } from '../unusable-input.ts';

/** An item without a vector, and why. */
export interface Failure {
  readonly id: string;
  readonly reason: FailureReason;
  readonly message: string;
}

/** How many items failed, by reason. Reasons that did not occur are absent. */
export type FailureCounts = Readonly<Partial<Record<FailureReason, number>>>;

export function countFailures(failures: Iterable<Failure>): FailureCounts {
  const counts: Partial<Record<FailureReason, number>> = {};
  for (const { reason } of failures) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Whether it is a list of failures. Reasons may be newer than this code. */
export function isFailures(value: unknown): value is Failure[] {
  return Array.isArray(value) && value.every(isFailure);
}

function isFailure(value: unknown): boolean {
  const { id, reason, message } = isJsonObject(value) ? value : {};
  return [id, reason, message].every((field) => typeof field === 'string');
}
