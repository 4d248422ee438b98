import type { IntervalBucketOptions } from '@rodpo/encoder';
import type { Config } from './config.ts';

/** How the encoder tells intervals apart, or nothing if it reads none. */
export function intervalSettings({
  encoder,
}: Pick<Config, 'encoder'>): Required<IntervalBucketOptions> | undefined {
  const isRead = encoder.kind === 'hm4sr' || encoder.positions === 'intervals';
  const read = encoder.kind === 'hm4sr' ? encoder.temporal : encoder;
  return isRead && read
    ? { count: read.intervalCount, perOctave: read.intervalsPerOctave }
    : undefined;
}
