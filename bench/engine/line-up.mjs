// Who runs a case: our engine first, then what it is compared with.
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bench = here('../engine.mjs');
const prototype = fileURLToPath(import.meta.resolve('../peers/prototype.mjs'));

function node(name, task, limits = {}) {
  return { name, command: 'node', args: [bench, '--worker', JSON.stringify(task)], ...limits };
}

function torch(peer, python, task) {
  const script = here('../peers/engine_torch.py');
  const options = { compiled: false, sorted: false, ...task };
  const kind = [options.compiled && 'compiled', options.sorted && 'sorted'].filter(Boolean);
  return {
    name: [peer, ...kind, `${options.threads} thr`].join(' · '),
    peer: [peer, ...kind].join(' '),
    isPlain: !options.compiled,
    command: python,
    args: [script, JSON.stringify(options)],
  };
}

/** Eager and compiled. Ranking pays the padding of a batch's longest user, unless users are sorted. */
function torchForms({ kind, threads }) {
  const forms =
    kind === 'fullRanking'
      ? [{}, { sorted: true }, { sorted: true, compiled: true }]
      : [{}, { compiled: true }];
  const counts = [...new Set([1, threads])];
  return forms.flatMap((form) => counts.map((count) => ({ ...form, threads: count })));
}

/** tfjs's own backends take seconds a step, so they take one step in one round. */
const once = { rounds: 1, runs: 1 };

/** Our engine with each way to spin, and what it must not fall behind. */
export function lineUpSpinning(task) {
  const ours = ['auto', true, false].map((spinning) => {
    const title = `rodpo, spinning ${{ true: 'on', false: 'off' }[spinning] ?? spinning}`;
    return node(title, { ...task, spinning }, { isOurs: true, isDefault: spinning === 'auto' });
  });
  return [...ours, node('tfjs-node', { ...task, backend: 'tensorflow' })];
}

/**
 * @param task what every contender is told
 * @param torches PyTorch's interpreters by name
 * @param plainStep the task of case a, which d is compared with
 */
export function lineUp(task, torches, plainStep) {
  const ours = [node('rodpo', task)];
  if (task.kind === 'preferenceStep')
    ours.push(node('rodpo, plain step', plainStep, { plain: true }));
  const peers = Object.entries(torches).flatMap(([name, python]) =>
    torchForms(task).map((form) => torch(name, python, { ...task, ...form })),
  );
  if (task.kind === 'fullRanking' || task.kind === 'trainingEpoch') return [...ours, ...peers];
  const eager = [
    node('tfjs-node', { ...task, backend: 'tensorflow' }),
    ...['wasm', 'cpu'].map((backend) =>
      node(`tfjs ${backend}`, { ...task, backend, warmUp: 0 }, once),
    ),
  ];
  if (task.kind === 'preferenceStep') return [...ours, ...peers, ...eager];
  const first = {
    name: 'prototype',
    hasOwnWeights: true,
    command: 'node',
    args: [prototype, JSON.stringify(task)],
  };
  return [...ours, first, ...peers, ...eager];
}
