import { ActionableError, quote } from '@rodpo/errors';
import { downloadImages } from '@rodpo/features/download';
import { ConfigError } from '../config/config.ts';
import { downloadFolder } from '../features/catalogue.ts';
import { imageAddresses } from '../features/image-addresses.ts';
import type { Run } from '../run/run.ts';

/**
 * Fetches the images of a catalogue of addresses into the run folder; extraction reads them there.
 *
 * @throws {DownloadFailed} after all were tried, if none could be had
 */
export async function download(run: Run): Promise<void> {
  const source = await imageAddresses(run.config);
  if (!source) {
    throw new ConfigError('catalogue.imageUrl names no column of addresses to download from.');
  }
  const bar = run.reporter.progress('downloading images', source.itemCount, 'images');
  let shown = 0;
  const { downloaded, cached, failures } = await downloadImages(source, {
    folder: downloadFolder(run),
    signal: run.signal,
    onProgress: ({ done }) => {
      bar.advance(done - shown);
      shown = done;
    },
  });
  bar.done(`downloaded ${downloaded} images, ${cached} were there, ${failures.length} failed`);
  for (const { id, reason, message } of failures.slice(0, 10)) {
    run.reporter.say(`${quote(id)}: ${reason}: ${message}`);
  }
  if (failures.length > 10) run.reporter.say(`… and ${failures.length - 10} more`);
  if (failures.length > 0 && downloaded + cached === 0) throw new DownloadFailed(failures.length);
}

/** Not one of the images could be had. */
class DownloadFailed extends ActionableError {
  override readonly name = 'DownloadFailed';

  constructor(failed: number) {
    super(
      `None of ${failed} images could be had: see the reasons above. What failed for the moment is ` +
        'tried again by the same command.',
    );
  }
}
