import type { ShopWindow, VisitContext } from './shop-window.ts';

const triesPerPlace = 8;

/**
 * Fills up to `slateSize` places with distinct items the user has not clicked.
 * A place stays empty when what the store would put there keeps being taken.
 */
export function drawSlate(
  window: ShopWindow,
  context: VisitContext,
  slateSize: number,
  clicked: ReadonlySet<number>,
  random: () => number,
): number[] {
  const slate: number[] = [];
  for (let place = 0; place < slateSize; place++) {
    for (let tries = 0; tries < triesPerPlace; tries++) {
      const item = window(context, random);
      if (clicked.has(item) || slate.includes(item)) continue;
      slate.push(item);
      break;
    }
  }
  return slate;
}
