import type { ModelSession } from './model-session.ts';

/** The result of `finish`; if it fails, the model that was loaded for it is given back. */
export async function orDispose<Result>(
  model: ModelSession,
  finish: () => Promise<Result>,
): Promise<Result> {
  try {
    return await finish();
  } catch (error) {
    await model.dispose();
    throw error;
  }
}
