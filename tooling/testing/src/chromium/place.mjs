import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** Where `pnpm browser` puts Chromium. */
export const cacheFolder =
  process.env.CHROMIUM_CACHE ?? join(repository, 'node_modules/.cache/chromium');

/** The program among unpacked packages of Debian; the script beside it asks for installed ones. */
export const executableIn = (folder) => join(folder, 'usr/lib/chromium/chromium');
