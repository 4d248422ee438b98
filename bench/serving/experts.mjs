import { atMost, figure } from '../common/figures.mjs';
import { servingModule } from '../common/libraries.mjs';
import { median } from '../common/median.mjs';
import { modelOf } from './bundles.mjs';
import { itemCount } from './service.mjs';

const width = 128;
const models = {
  dense: { feedForwardWidth: 2 * width },
  experts: { experts: { expertCount: 8, activeCount: 2, width } },
};
const runs = 200;

/** One history at a time: what a single visitor waits for. */
export async function measure({ rounds, threads }) {
  const { openReader } = await servingModule('reading/history-reader.js');
  const { nativeSessions } = await servingModule('reading/native-sessions.js');
  const readers = {};
  for (const [name, change] of Object.entries(models)) {
    readers[name] = await openReader(await modelOf(itemCount, change), nativeSessions({ threads }));
  }
  const items = Array.from({ length: 20 }, (_, place) => (place * 571) % itemCount);
  const times = { dense: [], experts: [] };
  for (let round = -1; round < rounds; round++) {
    for (const [name, reader] of Object.entries(readers)) {
      const begun = performance.now();
      for (let run = 0; run < runs; run++) await reader.read([{ items }]);
      if (round >= 0) times[name].push((performance.now() - begun) / runs);
    }
  }
  for (const reader of Object.values(readers)) await reader.dispose();
  const ratios = times.experts.map((own, round) => own / times.dense[round]);
  return [
    figure('one history: dense', median(times.dense), 'ms'),
    figure('one history: experts', median(times.experts), 'ms'),
    atMost('one history: experts ÷ dense', median(ratios), '×', 1.05),
  ];
}
