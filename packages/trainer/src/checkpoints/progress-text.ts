import { SafetensorsError } from '@rodpo/files';
import type { TrainingProgress } from './checkpoints.ts';

/** JSON has no such numbers: they are written as texts. */
const others = ['NaN', 'Infinity', '-Infinity'];

/** A progress as text; every number comes back as it was. */
export function textOfProgress(progress: TrainingProgress): string {
  return JSON.stringify(progress, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

/** @throws {SafetensorsError} if this is no text of `textOfProgress` */
export function progressOfText(file: string, text: string | undefined): TrainingProgress {
  try {
    const value: unknown = JSON.parse(text ?? '', (_, inner: unknown) =>
      typeof inner === 'string' && others.includes(inner) ? Number(inner) : inner,
    );
    if (isProgress(value)) return value;
  } catch {
    // Not JSON: as below.
  }
  throw new SafetensorsError(file, 'it is no checkpoint of a training: it tells no progress');
}

function isProgress(value: unknown): value is TrainingProgress {
  const { epoch, best, step, totalStep, seed, sums } = (value ?? {}) as Partial<TrainingProgress>;
  return (
    [epoch, best?.epoch, step, totalStep, seed].every(Number.isSafeInteger) &&
    [best?.figure, sums?.weight, ...Object.values(sums?.figures ?? { none: '' })].every(
      (number) => typeof number === 'number',
    )
  );
}
