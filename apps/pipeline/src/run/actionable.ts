import { DataFormatError } from '@rodpo/data';
import {
  ExtractionError,
  ItemTableError,
  ModelNotFoundError,
  StoreError,
  TransformersNotFoundError,
} from '@rodpo/features';
import { RedisUnreachable } from '@rodpo/features/queue';
import { SafetensorsError } from '@rodpo/files';
import { ComparisonIncomplete } from '../compare/queue-units.ts';
import { ConfigError } from '../config.ts';
import { ExtractionIncomplete } from '../features/extract-by-queue.ts';
import { MissingStageError } from '../stages/results.ts';

const actionable = [
  ComparisonIncomplete,
  ConfigError,
  DataFormatError,
  ExtractionError,
  ExtractionIncomplete,
  ItemTableError,
  MissingStageError,
  ModelNotFoundError,
  RangeError,
  RedisUnreachable,
  SafetensorsError,
  StoreError,
  TransformersNotFoundError,
];

/** Whether an error's message tells the user what to do; others are shown with their stack. */
export function isActionable(error: unknown): boolean {
  const isMissingFile = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return isMissingFile || actionable.some((kind) => error instanceof kind);
}
