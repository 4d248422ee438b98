import { loadOptional } from '../load-optional.ts';

export function loadBullmq(): Promise<typeof import('bullmq')> {
  return loadOptional('bullmq', () => import('bullmq'));
}
