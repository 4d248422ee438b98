import { atMost, figure } from '../common/figures.mjs';
import { bundleOf } from './bundles.mjs';
import { load } from './load.mjs';
import { bodies, itemCount } from './service.mjs';
import { ours, started } from './started.mjs';

/** Before it memory grows as it may: caches fill, the compiler works. */
const warmSeconds = 30;

export async function measure({ folder, soakSeconds, seconds, threads: workers, say }) {
  const bundle = await bundleOf(folder, itemCount);
  const service = await started(ours({ bundle, workers }), bodies()[0]);
  try {
    const most = await load(service.address, bodies(), { connections: 64, seconds });
    const rate = Math.round(2 * most.rate);
    const asking = { connections: 512, rate };
    await load(service.address, bodies(), { ...asking, seconds: warmSeconds });
    const before = service.memory();
    const found = await load(service.address, bodies(), { ...asking, seconds: soakSeconds });
    const growth = service.memory() / before - 1;
    if (!service.isRunning()) throw new Error('The service has ended under load.');
    say(
      `soak: ${rate} requests/s asked, ${found.rate.toFixed(0)} answered, ${found.refused} refused`,
    );
    return [
      figure('soak: requests/s asked for', rate, 'requests/s'),
      figure('soak: answered with 429', found.refused, 'requests'),
      atMost('soak: other errors', found.failed, 'requests', 0),
      atMost('soak: growth of memory', 100 * growth, '%', 5),
    ];
  } finally {
    await service.stop();
  }
}
