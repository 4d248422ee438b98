import { atMost } from '../common/figures.mjs';
import { median } from '../common/median.mjs';
import { bundleOf, histories } from './bundles.mjs';
import { ours, started } from './started.mjs';

const bars = { 12000: 1, 1000000: 3 };

export async function measure({ folder, rounds }) {
  const figures = [];
  for (const [count, bar] of Object.entries(bars)) {
    const itemCount = Number(count);
    const bundle = await bundleOf(folder, itemCount);
    const [history] = histories(1, { itemCount });
    const seconds = [];
    for (let round = 0; round < rounds; round++) {
      const service = await started(ours({ bundle, workers: 1 }), { history, count: 10 });
      seconds.push(service.seconds);
      await service.stop();
    }
    figures.push(atMost(`start to first answer, ${count} items`, median(seconds), 's', bar));
  }
  return figures;
}
