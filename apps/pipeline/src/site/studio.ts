import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStudio } from '@rodpo/studio';
import type { Run } from '../run/run.ts';
import { type ExportSiteOptions, exportSite } from './export-site.ts';

export interface StudioOptions extends Omit<ExportSiteOptions, 'site' | 'fresh'> {
  readonly host?: string;
  readonly port?: number;
}

/**
 * Serves the page of a run until `signal` is aborted: the folder that `exportSite` writes, which is gone afterwards.
 *
 * @param release lets other processes use the run, once all has been read from it
 */
export async function studio(
  run: Run,
  { host, port, ...options }: StudioOptions,
  { signal, release }: { readonly signal: AbortSignal; readonly release: () => Promise<void> },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-studio-'));
  try {
    const site = join(folder, 'site');
    await exportSite(run, { ...options, site });
    await release();
    const running = await startStudio({
      folder: site,
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    });
    run.reporter.say(`the page is at ${running.address}; Ctrl+C ends it`);
    if (!signal.aborted) await once(signal, 'abort');
    await running.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
