import type { Marks } from '../batch/marks.ts';
import type { Negatives, SamplingBatch, UniformRandom } from '../negative-sampler.ts';
import { PoolTooSmallError } from '../pool-too-small-error.ts';
import { type Component, logBlend, logProbabilitiesOf } from './log-blend.ts';

export interface MixtureDraw {
  readonly batch: SamplingBatch;
  readonly count: number;
  readonly random: UniformRandom;
  readonly itemCount: number;
  /** Where the draws go, `[rowCount, count]`. */
  readonly negatives: Negatives;
}

/**
 * Lets every component draw as many as are wanted, then takes theirs in turn, in the order each
 * drew them. False, with nothing drawn, if a component has too few for a row.
 *
 * Redrawing what was drawn before chooses a component by its share and by the probability `left`
 * that it draws something new; then the next new one of its draws has the right distribution.
 */
export function drawInTurn(
  components: readonly Component[],
  { batch, count, random, negatives }: MixtureDraw,
  drawn: Marks,
): boolean {
  const streams = drawStreams(components, batch, count, random);
  if (!streams) return false;
  const width = components.length * count;
  const offered = sideBySide(streams, batch.rowCount, count);
  const parts = logProbabilitiesOf(components, batch, offered, width);
  const left = new Float64Array(components.length);
  const next = new Int32Array(components.length); // each component's first draw not yet taken

  for (let row = 0; row < batch.rowCount; row++) {
    drawn.clear();
    left.fill(1);
    next.fill(0);
    for (let index = row * count; index < (row + 1) * count; index++) {
      const chosen = chooseComponent(components, left, random);
      const start = row * width + chosen * count;
      while (next[chosen]! < count && drawn.has(offered[start + next[chosen]!]!)) next[chosen]!++;
      const offer = start + next[chosen]!;
      take(offered, offer, next[chosen]! < count, drawn);
      negatives.items[index] = offered[offer]!;
      negatives.logProbabilities[index] = logBlend(components, parts, offer);
      for (let part = 0; part < left.length; part++) left[part]! -= Math.exp(parts[part]![offer]!);
    }
  }
  return true;
}

/** What each component draws for all rows, or nothing if one has too few for a row. */
function drawStreams(
  components: readonly Component[],
  batch: SamplingBatch,
  count: number,
  random: UniformRandom,
): Int32Array[] | undefined {
  try {
    return components.map(({ sampler }) => sampler.sample(batch, count, random).items);
  } catch (error) {
    if (error instanceof PoolTooSmallError) return undefined;
    throw error;
  }
}

/** `[rowCount, componentCount, count]` */
function sideBySide(streams: readonly Int32Array[], rowCount: number, count: number): Int32Array {
  const offered = new Int32Array(rowCount * streams.length * count);
  for (let row = 0; row < rowCount; row++) {
    for (const [part, stream] of streams.entries()) {
      const start = (row * streams.length + part) * count;
      offered.set(stream.subarray(row * count, (row + 1) * count), start);
    }
  }
  return offered;
}

/** By share and by what is left to draw; rounding may make the latter a little negative. */
function chooseComponent(
  components: readonly Component[],
  left: Float64Array,
  random: UniformRandom,
): number {
  let sum = 0;
  for (let part = 0; part < left.length; part++) {
    sum += components[part]!.share * Math.max(0, left[part]!);
  }
  let target = random() * sum;
  let chosen = 0;
  for (let part = 0; part < left.length; part++) {
    const mass = components[part]!.share * Math.max(0, left[part]!);
    if (mass === 0) continue;
    chosen = part;
    if (target < mass) break;
    target -= mass;
  }
  return chosen;
}

function take(offered: Int32Array, offer: number, isNew: boolean, drawn: Marks): void {
  if (!isNew) {
    throw new RangeError('components must draw without replacement, got one that repeats items');
  }
  if (drawn.add(offered[offer]!)) return;
  throw new RangeError(
    `components must draw items from 0 to ${drawn.itemCount - 1}, got ${offered[offer]}`,
  );
}
