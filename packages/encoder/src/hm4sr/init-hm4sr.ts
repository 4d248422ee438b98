import type { InitialArray } from '../initial-array.ts';
import { type WeightDrawer, weightDrawer } from '../weight-drawer.ts';
import type { FilledHm4sr } from './settings.ts';

/**
 * Of the temporal experts' vectors, as in HM4SR. They shrink a stream about twentyfold; the layer
 * norm behind them scales it up again, and what is left is their weighing of its components.
 */
const temporalDeviation = 0.1;

/**
 * Of the kernel that makes phases of times. Times run from 0 to 1, so that with the usual 0.02
 * every cosine would be 1. This turns the fastest component about sixteen times over the data's
 * span, and the slowest hardly at all.
 */
const phaseDeviation = 100;

/** Initial weights of `hm4srEncoder`, drawn in a fixed order. */
export function initHm4sr(
  settings: FilledHm4sr,
  normal: () => number,
): Record<string, InitialArray> {
  const { itemCount, maxLength, dimension, streams, vectors } = settings;
  const drawer = weightDrawer(normal);
  drawer.table('items', itemCount, dimension);
  for (const stream of streams.slice(1)) {
    drawer.linear(stream, vectors[stream]!, dimension);
    drawer.vector(`${stream}.missing`, dimension);
  }
  drawer.table('positions', maxLength, dimension);
  drawAlignment(drawer, settings);
  drawTemporal(drawer, settings, normal);
  for (const stream of streams) drawTower(drawer, stream, settings);
  drawLosses(drawer, settings);
  return drawer.arrays;
}

function drawAlignment(
  drawer: WeightDrawer,
  { dimension, streams, alignment: { expertCount } }: FilledHm4sr,
): void {
  for (const stream of streams) {
    const name = `alignment.${stream}`;
    drawer.linear(`${name}.router`, dimension, expertCount);
    drawer.linear(`${name}.experts`, streams.length * dimension, dimension, expertCount);
    // Ids start as they are: what an id means is learned, not read off its neighbours.
    drawer.fill(`${name}.weight`, [1], stream === 'id' ? 0 : 1);
  }
}

function drawTemporal(
  drawer: WeightDrawer,
  { dimension, streams, temporal }: FilledHm4sr,
  normal: () => number,
): void {
  if (!temporal) return;
  const { expertCount, intervalCount } = temporal;
  const draw = (name: string, shape: readonly [number, number], deviation: number) => {
    const data = Float32Array.from({ length: shape[0] * shape[1] }, () => deviation * normal());
    drawer.arrays[name] = { shape, data };
  };
  drawer.table('temporal.intervals', intervalCount, dimension);
  draw('temporal.absolute.kernel', [1, dimension], phaseDeviation);
  drawer.fill('temporal.absolute.bias', [dimension], 0);
  drawer.linear('temporal.router', 2 * dimension, expertCount);
  draw('temporal.experts', [expertCount, streams.length * dimension], temporalDeviation);
}

function drawTower(
  drawer: WeightDrawer,
  stream: string,
  { dimension, blockCount, feedForwardWidth }: FilledHm4sr,
): void {
  drawer.norm(`${stream}.norm`, dimension);
  for (let block = 0; block < blockCount; block++) {
    const name = `${stream}.block${block}`;
    drawer.linear(`${name}.attention.projection`, dimension, 3 * dimension);
    drawer.linear(`${name}.attention.output`, dimension, dimension);
    drawer.norm(`${name}.attention.norm`, dimension);
    drawer.linear(`${name}.feedForward.up`, dimension, feedForwardWidth);
    drawer.linear(`${name}.feedForward.down`, feedForwardWidth, dimension);
    drawer.norm(`${name}.feedForward.norm`, dimension);
  }
}

function drawLosses(drawer: WeightDrawer, settings: FilledHm4sr): void {
  const { dimension, streams, temporal, losses } = settings;
  if (losses.placeholderContrast) {
    for (const stream of streams.slice(1)) {
      if (temporal) drawer.linear(`placeholder.${stream}`, 2 * dimension, dimension);
      else drawer.vector(`placeholder.${stream}.vector`, dimension);
    }
  }
  if (losses.categories) {
    drawer.linear('categories', streams.length * dimension, losses.categories.count);
  }
}
