import {
  type EncoderCost,
  encoderCost,
  type Hm4srSettings,
  hm4srCost,
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

/** For what does not depend on how wide vectors are, or is no more than with any. */
export function narrowVectors({ streams }: EncoderSettings): EncoderInputs['vectors'] {
  return Object.fromEntries(streams.filter((one) => one !== 'id').map((one) => [one, 1]));
}

/** Size and cost of that encoder, for rows of `length` tokens. @throws {RangeError} if it has no sense */
export function encoderCostOf(
  section: EncoderSettings,
  inputs: EncoderInputs,
  length: number,
): EncoderCost {
  return section.kind === 'hm4sr'
    ? hm4srCost(hm4srSettings(section, inputs), { length })
    : encoderCost(transformerSettings(section, inputs), { length });
}

/** A config's section in the terms of `@rodpo/encoder`. */
function transformerSettings(
  { kind: _, intervalsPerOctave: __, streams, ...settings }: TransformerSection,
  { itemCount, vectors }: EncoderInputs,
): TransformerSettings {
  return { ...settings, itemCount, streams: { id: streams.includes('id'), vectors } };
}

/** A config's section in the terms of `@rodpo/encoder`. */
function hm4srSettings(
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
