import type { SamplingBatch } from '../negative-sampler.ts';
import { catalogueChunks } from './catalogue-chunks.ts';
import type { Component, Parts } from './log-blend.ts';

export interface ServedInputs {
  readonly batch: SamplingBatch;
  /** What the components say of the items asked about, `[rowCount, count]` each. */
  readonly parts: Parts;
  readonly count: number;
  readonly itemCount: number;
}

/**
 * 1 where a component has a candidate for a row, `[rowCount, componentCount]`. Looks through the
 * catalogue for candidates where the items asked about tell of none.
 */
export function findServed(
  components: readonly Component[],
  { batch, parts, count, itemCount }: ServedInputs,
): Uint8Array {
  const served = new Uint8Array(batch.rowCount * components.length);
  for (const [part, { sampler }] of components.entries()) {
    const column = { part, of: components.length };
    if (markServed(served, column, parts[part]!, count)) continue;
    for (const { items, width } of catalogueChunks(batch.rowCount, itemCount)) {
      const found = sampler.logProbabilities(batch, items, width);
      if (markServed(served, column, found, width)) break;
    }
  }
  return served;
}

/** Whether the component now is known to serve every row. */
export function markServed(
  served: Uint8Array,
  { part, of }: { readonly part: number; readonly of: number },
  logProbabilities: Float32Array,
  count: number,
): boolean {
  let all = true;
  for (let row = 0; row * of < served.length; row++) {
    const cell = row * of + part;
    for (let index = row * count; !served[cell] && index < (row + 1) * count; index++) {
      if (logProbabilities[index]! > -Infinity) served[cell] = 1;
    }
    all &&= served[cell] === 1;
  }
  return all;
}
