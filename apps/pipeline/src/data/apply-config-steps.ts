import {
  applySteps,
  type DataStep,
  type DatasetSize,
  flatSequences,
  type SequenceDataset,
} from '@rodpo/data';
import { quoteList } from '@rodpo/errors';
import { type Config, ConfigError } from '../config/config.ts';
import { isTable } from '../config/data-settings.ts';

export interface KeptData {
  readonly dataset: SequenceDataset;
  /** What each step kept, in words and counts. */
  readonly steps: readonly StepDone[];
}

interface StepDone {
  readonly step: string;
  readonly counts: DatasetSize;
}

/**
 * What the config's steps keep of what was read.
 *
 * @throws {ConfigError} if nothing was read
 * @throws {RangeError} if that is nothing
 * @throws {TimesMissingError} of `@rodpo/data` if a step goes by times and there are none
 */
export function applyConfigSteps(
  read: SequenceDataset,
  config: Pick<Config, 'data' | 'kCore'>,
): KeptData {
  requireSome(read, config.data);
  const { dataset, counts } = applySteps(read, stepsOf(config));
  const steps = counts.map(({ step, after, found }) => ({
    step: stepText(step) + (found === undefined ? '' : ` (${found} found)`),
    counts: after,
  }));
  return { dataset, steps };
}

/** Of no interactions nothing can be measured, and no step says what is wrong. */
function requireSome(read: SequenceDataset, data: Config['data']): void {
  if (read.userIds.length > 0) return;
  const files = data.source === 'simulator' ? '' : ` of ${quoteList([data.path].flat(), 3)}`;
  const others = isTable(data) ? ', or look whether select or minRating leaves out all' : '';
  throw new ConfigError(`Expected interactions, got none${files}. Bring data with some${others}.`);
}

function stepsOf({ data, kCore }: Pick<Config, 'data' | 'kCore'>): readonly DataStep[] {
  if (isTable(data)) return data.steps;
  const { minUserInteractions, minItemInteractions } = kCore;
  return [{ kind: 'core', users: minUserInteractions, items: minItemInteractions }];
}

function stepText(step: DataStep): string {
  switch (step.kind) {
    case 'duplicates':
    case 'repeats':
      return `${step.kind}, ${step.keep} kept`;
    case 'activity':
      return `users with ${step.atLeast} to ${step.atMost ?? 'any number'}`;
    case 'core':
      return `core of ${step.users} a user, ${step.items} an item`;
    case 'sample':
      return `a sample of ${step.users} users`;
    case 'newest':
      return `the newest ${step.interactions} a user`;
  }
}

export function sizeOf({ userIds, itemIds, sequences }: SequenceDataset): DatasetSize {
  const interactions = flatSequences(sequences).total();
  return { users: userIds.length, items: itemIds.length, interactions };
}
