import { DataFormatError } from '@rodpo/data';
import { SafetensorsError } from '@rodpo/trainer';
import { ConfigError } from '../config.ts';
import { MissingStageError } from '../stages/results.ts';

const actionable = [ConfigError, DataFormatError, MissingStageError, RangeError, SafetensorsError];

/** Whether an error's message tells the user what to do; others are shown with their stack. */
export function isActionable(error: unknown): boolean {
  const isMissingFile = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return isMissingFile || actionable.some((kind) => error instanceof kind);
}
