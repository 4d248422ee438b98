import { fileURLToPath } from 'node:url';

/** Where the files of the page lie: `index.html` and what it loads. */
export async function pageFolder(): Promise<string> {
  return fileURLToPath(new URL('page', import.meta.url));
}
