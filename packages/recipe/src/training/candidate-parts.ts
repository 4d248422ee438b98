import { actionable } from '@rodpo/errors';
import {
  batchCandidates,
  type CandidatePart,
  type CandidateSource,
  logUniformCandidates,
  popularityCandidates,
  uniformCandidates,
} from '@rodpo/samplers';
import { popularityExponent } from '../steps/align-settings.ts';
import type {
  CandidateDistribution,
  CandidateSourceSettings,
} from '../steps/candidate-settings.ts';

/** From where `count` candidates come that are compared with what was `chosen`. */
export type CandidateParts = (count: number, chosen: Int32Array) => CandidatePart[];

/**
 * Makes the fixed distributions once.
 *
 * @param counts how often each item stands in the training data
 * @throws {RangeError} (marked as actionable) if shares do not sum to 1, or an index is asked for, of which nobody
 * knows how likely it is to give an item
 */
export function candidateParts(
  distribution: CandidateDistribution,
  counts: Int32Array,
): CandidateParts {
  const shares = sharesOf(distribution);
  for (const { from } of shares) requireProbabilities(from);
  // Only what the batch gives is told by it, and it takes a pass over the catalogue.
  let made: CandidateSource | undefined;
  const popular = () => (made ??= popularityCandidates(counts));
  const sources = shares.map((part) => ({ ...part, fixed: fixedSource(part, counts) }));
  return (count, chosen) => {
    const parts: CandidatePart[] = [];
    let given = 0;
    let wanted = 0;
    for (const { share, fixed } of sources) {
      wanted += share * count;
      const source = fixed ?? (chosen.length > 0 ? batchCandidates(chosen, popular()) : undefined);
      const own = Math.min(Math.round(wanted) - given, source?.size ?? 0);
      if (source && own > 0) parts.push({ source, count: own });
      given += Math.max(own, 0);
    }
    // A batch may hold fewer different items than were asked of it.
    return given < count ? [...parts, { source: popular(), count: count - given }] : parts;
  };
}

type Share = CandidateSourceSettings & { readonly share: number };

function sharesOf(distribution: CandidateDistribution): readonly Share[] {
  if (distribution.from !== 'mixed') return [{ ...distribution, share: 1 }];
  const { parts } = distribution;
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  if (parts.every(({ share }) => share > 0) && Math.abs(total - 1) < 1e-6) return parts;
  throw actionable(
    new RangeError(
      `The shares of mixed candidates must be positive and sum to 1, got ${parts
        .map(({ share }) => share)
        .join(' + ')}`,
    ),
  );
}

/** Types do not let an index come here; settings that are read from a file may. */
function requireProbabilities(from: string): void {
  if (from !== 'index') return;
  throw actionable(
    new RangeError(
      "Candidates from an 'index' are for pools alone: nobody knows how likely it is to give an item, and a " +
        "sampled softmax needs it, as do 'mixed' candidates. Take 'popularity' or another distribution.",
    ),
  );
}

/** Nothing for those of the batch, which are others in each. */
function fixedSource(
  settings: CandidateSourceSettings,
  counts: Int32Array,
): CandidateSource | undefined {
  switch (settings.from) {
    case 'catalogue':
      return uniformCandidates(counts.length);
    case 'popularity':
      return popularityCandidates(counts, { exponent: settings.exponent ?? popularityExponent });
    case 'log-uniform':
      return logUniformCandidates(counts);
    case 'batch':
      return undefined;
  }
}
