import type { Config } from './config.ts';

/** For each modality that the encoder would read and nothing makes, what to change. */
export function missingStreams({
  encoder,
  features,
}: Pick<Config, 'encoder' | 'features'>): string[] {
  return encoder.streams.flatMap((modality) =>
    modality === 'id' || features[modality]
      ? []
      : [
          `encoder.streams names '${modality}', but features.${modality} is null: nothing is ` +
            `extracted. Set features.${modality}, or leave '${modality}' out of the streams.`,
        ],
  );
}
