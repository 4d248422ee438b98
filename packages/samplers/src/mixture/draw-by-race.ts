import { PoolTooSmallError } from '../pool-too-small-error.ts';
import { catalogueChunks } from './catalogue-chunks.ts';
import type { MixtureDraw } from './draw-in-turn.ts';
import { type Component, logBlend, logProbabilitiesOf, writeBlend } from './log-blend.ts';
import { markServed } from './served.ts';

/**
 * Draws from the probabilities of all items, which works whatever the components lack: every
 * candidate gets an exponential time of rate q, and the first to arrive are drawn, in that order.
 *
 * @see Efraimidis and Spirakis, "Weighted random sampling with a reservoir", Information
 * Processing Letters 2006
 * @throws {PoolTooSmallError} if all components together have too few for a row
 */
export function drawByRace(components: readonly Component[], draw: MixtureDraw): void {
  const { batch, count, random, itemCount, negatives } = draw;
  const arrive = firstArrivals(negatives.items, count);
  const available = new Int32Array(batch.rowCount);
  const served = new Uint8Array(batch.rowCount * components.length);

  for (const { items, width } of catalogueChunks(batch.rowCount, itemCount)) {
    const parts = logProbabilitiesOf(components, batch, items, width);
    for (const [part, logProbabilities] of parts.entries()) {
      markServed(served, { part, of: components.length }, logProbabilities, width);
    }
    for (let index = 0; index < items.length; index++) {
      const logRate = logBlend(components, parts, index);
      if (logRate === -Infinity) continue;
      const row = Math.floor(index / width);
      available[row]! += 1;
      arrive(row, items[index]!, Math.log(-Math.log1p(-random())) - logRate);
    }
  }

  const row = available.findIndex((candidates) => candidates < count);
  if (row >= 0) throw new PoolTooSmallError(available[row]!, count, row);
  const parts = logProbabilitiesOf(components, batch, negatives.items, count);
  writeBlend(components, { parts, served, count }, negatives.logProbabilities);
}

/** Keeps the first `count` of each row, in order of time; those told earlier where it is equal. */
function firstArrivals(
  items: Int32Array,
  count: number,
): (row: number, item: number, logTime: number) => void {
  const logTimes = new Float64Array(items.length).fill(Infinity);
  return (row, item, logTime) => {
    const start = row * count;
    const end = start + count;
    let place = end;
    while (place > start && logTime < logTimes[place - 1]!) place--;
    if (place === end) return;
    logTimes.copyWithin(place + 1, place, end - 1);
    items.copyWithin(place + 1, place, end - 1);
    logTimes[place] = logTime;
    items[place] = item;
  };
}
