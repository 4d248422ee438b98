import type { TransformersEnvironment } from './transformers.ts';

/** The last load under way, for every environment. */
const queues = new WeakMap<TransformersEnvironment, Promise<unknown>>();

/**
 * Runs `load` while transformers.js reads nothing but files under `root`, and puts its settings
 * back. They are the process' own, so loads take turns: none sees the settings of another.
 */
export function withLocalFiles<Result>(
  env: TransformersEnvironment,
  root: string,
  load: () => Promise<Result>,
): Promise<Result> {
  const previous = queues.get(env) ?? Promise.resolve();
  const turn = previous.then(() => withSettings(env, root, load));
  queues.set(
    env,
    turn.catch(() => {}),
  );
  return turn;
}

async function withSettings<Result>(
  env: TransformersEnvironment,
  root: string,
  load: () => Promise<Result>,
): Promise<Result> {
  const { allowLocalModels, allowRemoteModels, localModelPath, useBrowserCache, useCustomCache } =
    env;
  Object.assign(env, {
    allowLocalModels: true,
    allowRemoteModels: false,
    localModelPath: root,
    useBrowserCache: false,
    useCustomCache: false,
  });
  try {
    return await load();
  } finally {
    const before = { allowLocalModels, allowRemoteModels, localModelPath };
    Object.assign(env, { ...before, useBrowserCache, useCustomCache });
  }
}
