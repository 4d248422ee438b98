import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ifThere, writeFolder } from '@rodpo/files';

export {
  type Site,
  type SiteCurve,
  type SiteModel,
  type SitePool,
  type SiteUser,
  siteFile,
} from './site.ts';
export { type RunningStudio, type StartStudioOptions, startStudio } from './start-studio.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the page is built from. */
const sources = [
  ...['../page', '../src', '../vite.config.ts', '../package.json'],
  ...['serving', 'files', 'errors'].map((name) => `../../../packages/${name}/src`),
].map(here);

/**
 * Where the files of the page lie, in a repository where nothing was built: they are built when they are first
 * asked for, and again when a source has changed.
 */
export async function pageFolder(): Promise<string> {
  const folder = here(`../node_modules/.cache/page/${await digestOf(sources)}`);
  if (await isThere(folder)) return folder;
  const { build } = await import('vite');
  const buildInto = (outDir: string) =>
    build({ configFile: here('../vite.config.ts'), logLevel: 'error', build: { outDir } });
  await writeFolder(folder, buildInto).catch(async (error) => {
    if (!(await isThere(folder))) throw error; // another process may have been faster
  });
  return folder;
}

async function isThere(path: string): Promise<boolean> {
  return (await ifThere(access(path).then(() => true))) ?? false;
}

async function digestOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    const names = await readdir(path, { recursive: true }).catch(() => ['']);
    for (const name of names.sort()) {
      const content = await readFile(join(path, name)).catch(() => ''); // a folder
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
