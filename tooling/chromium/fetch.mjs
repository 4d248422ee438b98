// Fetches Debian's Chromium and the libraries that this machine lacks for it into a folder of its own:
// nothing is installed, and nobody has to be root.
//
//   pnpm browser
//
// CHROMIUM_CACHE names another folder than node_modules/.cache/chromium. Tests find what lies there, and a
// browser that is installed (`tooling/testing/src/chromium`). A machine without apt-get says so, and passes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, executableIn } from '../testing/src/chromium/place.mjs';

function run(command, options, cwd = '/') {
  const result = spawnSync(command, options, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (result.error) throw result.error;
  if (result.status === 0) return result.stdout;
  throw new Error(`${command} ${options.join(' ')} failed:\n${result.stderr || result.stdout}`);
}

/** Chromium, and of what it needs all that is not installed. */
function neededPackages() {
  const plan = run('apt-get', ['install', '--simulate', '--no-install-recommends', 'chromium']);
  return [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
}

function fetch() {
  const partial = `${cacheFolder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(join(partial, 'packages'), { recursive: true });
  const names = neededPackages();
  if (names.length === 0) return console.log('Chromium is installed already.');
  console.log(`fetching ${names.length} packages of Debian…`);
  run('apt-get', ['download', ...names], join(partial, 'packages'));
  for (const file of readdirSync(join(partial, 'packages'))) {
    run('dpkg', ['-x', join(partial, 'packages', file), partial]);
  }
  rmSync(join(partial, 'packages'), { recursive: true });
  rmSync(cacheFolder, { recursive: true, force: true });
  renameSync(partial, cacheFolder);
  console.log(`Chromium is in ${cacheFolder}`);
}

const hasTools = ['apt-get', 'dpkg'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
);
if (existsSync(executableIn(cacheFolder))) console.log(`Chromium is in ${cacheFolder}`);
else if (hasTools) fetch();
else console.log('There is no apt-get here. Install Chromium, or name one as CHROMIUM.');
