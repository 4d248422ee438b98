// Makes the pictures of the page that the docs show: trains on the simulated storefront, writes the site and looks at
// it in Chromium.
//
//   pnpm browser && pnpm screenshots
//
// The same seed trains the same models, so the pictures change if the page does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStudio } from '../apps/studio/src/start-studio.ts';
import { findChromium, launchChromium } from './testing/src/chromium/launch.mjs';

const repository = fileURLToPath(new URL('../', import.meta.url));
const images = join(repository, 'docs', 'images');

function rodpo(...options) {
  const sources = [
    '--conditions=@rodpo/source',
    '--import',
    './tooling/testing/src/load-typescript.mjs',
  ];
  const command = [...sources, 'apps/pipeline/src/main.ts', ...options];
  const { status } = spawnSync(process.execPath, command, { cwd: repository, stdio: 'inherit' });
  if (status !== 0) throw new Error(`rodpo ${options[0]} failed`);
}

function writeSite(folder) {
  const run = join(folder, 'run');
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ output: run, align }));
  rodpo('run', '--config', config);
  const site = join(folder, 'site');
  const shown = ['--strategy', 'stochastic', '--users', '50', '--pictures'];
  rodpo('export', '--run', run, '--site', site, ...shown);
  return site;
}

/** Strong enough for the two models to differ at a glance. */
const align = {
  learningRate: 1e-3,
  maxEpochs: 2,
  strategies: [{ name: 'stochastic', negatives: { from: 'pool', size: 50 }, beta: 3 }],
};

/** Somebody's history with the answers of both models, and below them the pool. */
async function show(page, address) {
  await page.goto(address);
  await page.getByRole('heading', { name: 'stochastic' }).waitFor();
  await page.getByRole('combobox', { name: /somebody's history/ }).selectOption({ index: 3 });
  await page
    .getByRole('region', { name: 'Pool of negatives' })
    .getByRole('listitem')
    .first()
    .waitFor();
  await page.waitForLoadState('networkidle');
}

async function photograph(address, program) {
  const browser = await launchChromium(program);
  try {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width: 1200, height: 800 },
      });
      const page = await context.newPage();
      await show(page, address);
      await page.screenshot({ path: join(images, `studio-${colorScheme}.png`) });
      if (colorScheme === 'light') {
        const heading = page.getByRole('heading', { name: 'Pool of negatives' });
        await heading.evaluate((element) => element.scrollIntoView());
        await page.waitForLoadState('networkidle');
        await page.screenshot({ path: join(images, 'studio-pool.png') });
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

const program = findChromium();
if (!program) throw new Error('There is no Chromium here: `pnpm browser` fetches it.');
const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
try {
  const studio = await startStudio({ folder: writeSite(folder) });
  await photograph(studio.address, program);
  await studio.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
