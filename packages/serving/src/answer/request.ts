import { ActionableError, quote, requirePositiveInteger } from '@rodpo/errors';
import type { BundleItem } from '../bundle/bundle.ts';
import type { TimeSettings } from '../bundle/manifest.ts';
import { wrongTimes } from '../reading/wrong-times.ts';

/** Which items may be in an answer: those that pass, or those of a list of ids. */
export type ItemFilter = ((item: BundleItem) => boolean) | readonly string[];

/** Somebody who wants to be recommended something. */
export interface RecommendRequest {
  /** Ids of what was chosen so far, oldest first. Default: nothing, which is answered by popularity. */
  readonly history?: readonly string[];
  /** When, one of each item of the history, in the unit of the data; needed if the encoder reads times. */
  readonly times?: readonly number[];
  /** How many items. Default 10. There are fewer if fewer are wanted. */
  readonly count?: number;
  /** Ids that must not be in the answer, beside those of the history; unknown ones are passed over. */
  readonly exclude?: readonly string[];
  /** The best of those that pass, however few they are. Default: all pass. */
  readonly filter?: ItemFilter;
  /** Whether items of the history may come again. Default false. */
  readonly repeats?: boolean;
  /**
   * From 0, the best scores whatever they resemble (the default), to 1, what resembles the rest of
   * the answer least.
   */
  readonly diversity?: number;
}

/** A request that cannot be answered as it is. */
export class RequestError extends ActionableError {
  override readonly name = 'RequestError';
}

/**
 * @param settings how the encoder reads times, if it does
 * @param name what is wrong is told with it, so that whoever asked for many knows which
 * @throws {RequestError}
 */
export function checkRequest(
  { history = [], times, count = 10, diversity = 0 }: RecommendRequest,
  { settings, name }: { readonly settings: TimeSettings | undefined; readonly name: string },
): void {
  requireCount(`${name}.count`, count);
  if (!(diversity >= 0 && diversity <= 1)) {
    throw new RequestError(`${name}.diversity must be from 0 to 1, got ${diversity}.`);
  }
  if (!settings || history.length === 0) return;
  const wrong = wrongTimes(name, times, { count: history.length, settings });
  if (wrong !== undefined) throw new RequestError(wrong);
}

/** @throws {RequestError} */
export function requireCount(name: string, count: number): void {
  try {
    requirePositiveInteger(name, count);
  } catch (cause) {
    throw new RequestError((cause as Error).message, { cause });
  }
}

/** An item was asked about that the bundle does not have. */
export class UnknownItemError extends ActionableError {
  override readonly name = 'UnknownItemError';
  readonly id: string;

  constructor(id: string) {
    super(
      `There is no item ${quote(id)} in the bundle. Ids must be the same, character by character.`,
    );
    this.id = id;
  }
}
