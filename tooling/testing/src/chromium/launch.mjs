import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { cacheFolder, executableIn } from './place.mjs';

/** The browser that `CHROMIUM` names, that `pnpm browser` fetched, or that is installed; undefined if there is none. */
export function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const known = [process.env.CHROMIUM, executableIn(cacheFolder), ...installed];
  return known.find((path) => path !== undefined && existsSync(path));
}

/** Starts what `findChromium` found. */
export function launchChromium(program) {
  const folder = join(cacheFolder, 'usr/lib/x86_64-linux-gnu');
  const libraries = `${folder}:${join(folder, 'pulseaudio')}`;
  const isFetched = program === executableIn(cacheFolder);
  return chromium.launch({
    executablePath: program,
    args: ['--no-sandbox'], // which a container does not allow; only our own page is opened
    env: { ...environment(), ...(isFetched ? { LD_LIBRARY_PATH: libraries } : {}) },
  });
}

function environment() {
  const set = Object.entries(process.env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set);
}
