import { UnusableInput } from '../unusable-input.ts';
import type { ImageFile } from './image-file.ts';

/** What the decoder's complaint means for the caller. */
export function unreadable({ name, format }: ImageFile, cause: unknown): UnusableInput {
  const complaint = cause instanceof Error ? cause.message : String(cause);
  if (/pixel limit/i.test(complaint)) {
    return new UnusableInput('tooLarge', `${name} has more pixels than maxPixels.`, { cause });
  }
  // AVIF is a container: codecs and image sequences that the decoder lacks are no damage. A TIFF may
  // have any number of channels.
  const isLack = format === 'avif' && /unsupported|plugin/i.test(complaint);
  if (isLack || /channel limit/i.test(complaint)) {
    return new UnusableInput('unsupported', `${name}: ${complaint}.`, { cause });
  }
  return new UnusableInput('corrupt', `${name} cannot be decoded as ${format}: ${complaint}.`, {
    cause,
  });
}
