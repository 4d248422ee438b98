import { atLeast, figure } from '../common/figures.mjs';
import { median } from '../common/median.mjs';
import { bundleOf, histories } from './bundles.mjs';
import { load } from './load.mjs';
import { fastapi, ours, started } from './started.mjs';

export const itemCount = 12_000;
const mostMilliseconds = 50;
const levels = [1, 2, 4, 8, 16, 32, 64];

export const bodies = () =>
  histories(200, { itemCount }).map((history) => ({ history, count: 10 }));

/** Requests/s at the best number of connections, of those that answer in time. */
async function best({ address }, seconds) {
  const asked = bodies();
  let found = { rate: 0, connections: 0, p99: Number.NaN };
  for (const connections of levels) {
    const { rate, p99, failed } = await load(address, asked, { connections, seconds });
    if (failed > 0) throw new Error(`${failed} of the requests at ${address} got no answer.`);
    if (p99 <= mostMilliseconds && rate > found.rate) found = { rate, connections, p99 };
  }
  if (found.rate > 0) return found;
  throw new Error(
    `Nothing at ${address} is answered within ${mostMilliseconds} ms: a busy machine?`,
  );
}

export async function measure({ folder, python, rounds, seconds, threads: workers, say }) {
  const bundle = await bundleOf(folder, itemCount);
  const contenders = { ours: ours({ bundle, workers }) };
  if (python) contenders.FastAPI = fastapi({ python, bundle, workers });
  const found = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  const answers = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, contender] of Object.entries(contenders)) {
      // One at a time: the other would take memory and wake up now and then.
      const service = await started(contender, bodies()[0]);
      try {
        answers[name] = await answersOf(service);
        await load(service.address, bodies(), { connections: 8, seconds: 2 });
        found[name].push(await best(service, seconds));
        const { rate, connections, p99 } = found[name].at(-1);
        say(`${name}: ${rate.toFixed(0)} requests/s by ${connections} connections, p99 ${p99} ms`);
      } finally {
        await service.stop();
      }
    }
  }
  const rates = (name) => found[name].map(({ rate }) => rate);
  const figures = [figure('service: ours', median(rates('ours')), 'requests/s')];
  if (!python) return figures;
  if (JSON.stringify(answers.ours) !== JSON.stringify(answers.FastAPI)) {
    throw new Error('The services give different answers.');
  }
  const ratios = rates('ours').map((rate, round) => rate / rates('FastAPI')[round]);
  return [
    ...figures,
    figure('service: FastAPI', median(rates('FastAPI')), 'requests/s'),
    atLeast('service: ours ÷ FastAPI', median(ratios), '×', 2),
  ];
}

async function answersOf(service) {
  const answers = [];
  for (const body of bodies().slice(0, 20)) {
    const { items } = await service.post(body);
    answers.push(items.map(({ id }) => id));
  }
  return answers;
}
