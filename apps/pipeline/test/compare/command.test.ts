import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config.ts';
import { rodpo } from '../rodpo.ts';
import { tinyComparison } from './tiny-comparison.ts';

test('writes the report, says where, and puts the command beside every figure', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-command-'));
  const file = join(folder, 'tiny.json');
  const output = join(folder, 'compare');
  const { settings } = await tinyComparison({ seeds: [1], tuning: null });
  await writeFile(file, JSON.stringify(settings));
  const printed = await rodpo('compare', '--config', file, '--output', output);

  expect(printed).toMatch(/^Encoder dense, one seed, the history in the ranking:$/m);
  expect(printed).toContain('The history left out of the ranking:');
  expect(printed).toContain(`the report is ${join(output, 'report.html')}`);
  expect((await readdir(output)).sort()).toEqual([
    '.rodpo.json',
    'compare.json',
    'comparison.json',
    'dense',
    'report.html',
    'report.md',
  ]);
  const command = `rodpo compare --config ${file} --output ${output}`;
  const page = await readFile(join(output, 'report.html'), 'utf8');
  const figures = page.split('<figure>').slice(1);
  expect(figures.length).toBeGreaterThan(5);
  for (const figure of figures) {
    expect(figure.slice(0, figure.indexOf('</figcaption>'))).toContain(`<code>${command}</code>`);
  }
  expect(JSON.parse(await readFile(join(output, 'comparison.json'), 'utf8'))).toMatchObject({
    command,
    seeds: [1],
  });
});

test('one worker of many may not remove what others are at', async () => {
  await expect(rodpo('compare', '--fresh', '--queue', 'redis://127.0.0.1')).rejects.toThrow(
    ConfigError,
  );
});
