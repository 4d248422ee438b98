import type { InitialArray } from './initial-array.ts';
import { initMixture } from './moe/init-mixture.ts';
import {
  feedForwardWidthOf,
  hasTowers,
  intervalCountOf,
  isGated,
  streamNames,
  type TransformerSettings,
} from './transformer-settings.ts';
import { type WeightDrawer, weightDrawer } from './weight-drawer.ts';

/** Initial weights of `transformerEncoder`, drawn in a fixed order. */
export function initTransformer(
  settings: TransformerSettings,
  normal: () => number,
): Record<string, InitialArray> {
  const { itemCount, maxLength, dimension } = settings;
  const drawer = weightDrawer(normal);
  const names = streamNames(settings);
  for (const name of names) {
    if (name === 'id') {
      drawer.table('items', itemCount, dimension);
    } else {
      drawer.linear(name, settings.streams!.vectors[name]!, dimension);
      if (!isGated(settings)) drawer.vector(`${name}.missing`, dimension);
    }
  }
  drawer.table('positions', maxLength, dimension);
  if (settings.positions === 'intervals') {
    drawer.table('intervals', intervalCountOf(settings), dimension);
  }
  if (isGated(settings)) {
    drawer.linear('fusion', names.length * dimension, names.length);
  } else if (names.length > 1 && settings.fusion !== 'late') {
    drawer.linear('fusion', names.length * dimension, dimension);
  }
  for (const prefix of hasTowers(settings) ? names.map((name) => `${name}.`) : ['']) {
    drawTower(drawer, prefix, settings);
  }
  return drawer.arrays;
}

function drawTower(drawer: WeightDrawer, prefix: string, settings: TransformerSettings): void {
  const { dimension, blockCount, experts } = settings;
  const width = feedForwardWidthOf(settings);
  drawer.norm(`${prefix}norm`, dimension);
  for (let block = 0; block < blockCount; block++) {
    const name = `${prefix}block${block}`;
    drawer.linear(`${name}.attention.projection`, dimension, 3 * dimension);
    drawer.linear(`${name}.attention.output`, dimension, dimension);
    drawer.norm(`${name}.attention.norm`, dimension);
    if (experts) {
      initMixture(drawer, `${name}.feedForward`, dimension, experts);
    } else {
      drawer.linear(`${name}.feedForward.up`, dimension, width);
      drawer.linear(`${name}.feedForward.down`, width, dimension);
    }
    drawer.norm(`${name}.feedForward.norm`, dimension);
  }
}
