import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { cacheFolder, executableIn } from './place.mjs';

export interface ChromiumForTests {
  readonly browser: Browser;
}

/**
 * Tests in a real browser: the one that `CHROMIUM` names, that `pnpm browser` fetched, or that is installed. Where
 * there is none they are skipped, and their name says why.
 */
export function describeInChromium(
  name: string,
  tests: (chromium: ChromiumForTests) => void,
): void {
  const program = findChromium();
  const reason = program ? '' : ' (skipped: there is no Chromium here, `pnpm browser` fetches it)';
  describe.skipIf(!program)(`${name}${reason}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      const folder = join(cacheFolder, 'usr/lib/x86_64-linux-gnu');
      const libraries = `${folder}:${join(folder, 'pulseaudio')}`;
      const isFetched = program === executableIn(cacheFolder);
      browser = await chromium.launch({
        executablePath: program!,
        args: ['--no-sandbox'], // which a container does not allow; only our own page is opened
        env: { ...environment(), ...(isFetched ? { LD_LIBRARY_PATH: libraries } : {}) },
      });
    });
    afterAll(() => browser?.close());
    tests({
      get browser() {
        return browser;
      },
    });
  });
}

function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const known = [process.env.CHROMIUM, executableIn(cacheFolder), ...installed];
  return known.find((path) => path !== undefined && existsSync(path));
}

function environment(): Record<string, string> {
  const set = Object.entries(process.env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as Record<string, string>;
}
