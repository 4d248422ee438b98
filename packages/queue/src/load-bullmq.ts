import { loadOptional } from '@rodpo/errors';

export function loadBullmq(): Promise<typeof import('bullmq')> {
  return loadOptional('bullmq', () => import('bullmq'));
}
