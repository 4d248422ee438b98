import type { NegativeSampler, SamplingBatch } from '../negative-sampler.ts';

/** A sampler and its part of the mixture; the shares sum to 1. */
export interface Component {
  readonly sampler: NegativeSampler;
  readonly share: number;
}

/** What every component says of the same items, `[rowCount, count]` each. */
export type Parts = readonly Float32Array[];

export function logProbabilitiesOf(
  components: readonly Component[],
  batch: SamplingBatch,
  items: Int32Array,
  count: number,
): Parts {
  return components.map(({ sampler }) => sampler.logProbabilities(batch, items, count));
}

/** `log Σ share_k q_k` of one item. About its largest term, so that no exponential underflows. */
export function logBlend(components: readonly Component[], parts: Parts, index: number): number {
  let largest = -Infinity;
  for (const part of parts) largest = Math.max(largest, part[index]!);
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (let part = 0; part < parts.length; part++) {
    sum += components[part]!.share * Math.exp(parts[part]![index]! - largest);
  }
  return largest + Math.log(sum);
}

export interface BlendInputs {
  readonly parts: Parts;
  /** 1 where a component has a candidate for a row, `[rowCount, componentCount]`. */
  readonly served: Uint8Array;
  readonly count: number;
}

/** Fills `[rowCount, count]` with `log q`, out of the components that serve each row. */
export function writeBlend(
  components: readonly Component[],
  { parts, served, count }: BlendInputs,
  logProbabilities: Float32Array,
): void {
  for (let index = 0; index < logProbabilities.length; index++) {
    const row = Math.floor(index / count);
    const blend = logBlend(components, parts, index);
    logProbabilities[index] =
      blend > -Infinity ? blend - Math.log(shareServing(components, served, row)) : blend;
  }
}

/** Exactly 1 where all serve, whatever the rounding. */
function shareServing(components: readonly Component[], served: Uint8Array, row: number): number {
  let sum = 0;
  let serving = 0;
  for (let part = 0; part < components.length; part++) {
    if (!served[row * components.length + part]) continue;
    sum += components[part]!.share;
    serving++;
  }
  return serving === components.length ? 1 : sum;
}
