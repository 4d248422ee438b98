import {
  type Hm4srSettings,
  hm4srEncoder,
  type SequenceEncoder,
  type TransformerSettings,
  transformerEncoder,
} from '@rodpo/encoder';
import type { EncoderSettings, Hm4srSection, TransformerSection } from './encoder-settings.ts';

/** What the data decides about an encoder. */
export interface EncoderInputs {
  readonly itemCount: number;
  /** Width of the vectors of each modality that the encoder reads. */
  readonly vectors: Readonly<Record<string, number>>;
}

/** The encoder that a config describes. */
export function encoderOf(section: EncoderSettings, inputs: EncoderInputs): SequenceEncoder {
  return section.kind === 'hm4sr'
    ? hm4srEncoder(hm4srSettings(section, inputs))
    : transformerEncoder(transformerSettings(section, inputs));
}

/** A config's section in the terms of `@rodpo/encoder`. */
export function transformerSettings(
  { kind: _, intervalsPerOctave: __, streams, ...settings }: TransformerSection,
  { itemCount, vectors }: EncoderInputs,
): TransformerSettings {
  return { ...settings, itemCount, streams: { id: streams.includes('id'), vectors } };
}

/** A config's section in the terms of `@rodpo/encoder`. */
export function hm4srSettings(
  { kind: _, streams, alignment, temporal, losses, ...sizes }: Hm4srSection,
  { itemCount, vectors }: EncoderInputs,
): Hm4srSettings {
  const { activeCount, ...aligned } = alignment;
  const hasVectors = streams.length > 1;
  return {
    ...sizes,
    itemCount,
    vectors,
    alignment: { ...aligned, ...(activeCount === null ? {} : { activeCount }) },
    temporal: temporal && {
      expertCount: temporal.expertCount,
      intervalCount: temporal.intervalCount,
    },
    // Without vectors there is nothing that a placeholder could stand for.
    losses: { ...losses, placeholderContrast: hasVectors ? losses.placeholderContrast : null },
  };
}
