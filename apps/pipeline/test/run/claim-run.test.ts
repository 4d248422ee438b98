import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { plainReporter } from '../../src/run/reporter.ts';
import { openRun } from '../../src/run/run.ts';
import { prepare } from '../../src/stages/prepare.ts';
import { silent, tinyConfig } from '../tiny-run.ts';

/** Opens, prepares and closes: what a command does at least. */
async function prepared(config: Config, options: { readonly fresh?: boolean } = {}) {
  const said: string[] = [];
  const reporter = plainReporter((line) => said.push(line));
  const run = await openRun(config, reporter, options);
  try {
    await prepare(run);
  } finally {
    await run.close();
  }
  return { id: run.id, identity: run.identity, said: said.join('\n') };
}

async function sequencesFile(step: number): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'rodpo-data-')), 'clicks.txt');
  await writeSequences(file, step);
  return file;
}

async function writeSequences(file: string, step: number): Promise<void> {
  const lines = Array.from({ length: 30 }, (_, user) => {
    const items = Array.from({ length: 9 }, (_, place) => ((user * 3 + place * step) % 9) + 1);
    return `${user} ${items.join(' ')}`;
  });
  await writeFile(file, `${lines.join('\n')}\n`);
}

async function configOf(path: string): Promise<Config> {
  return { ...(await tinyConfig()), data: { source: 'sequences', path } };
}

test.each([false, true])(
  'a stranger’s folder is refused and left as it is, fresh: %s',
  async (fresh) => {
    const config = await tinyConfig();
    await mkdir(join(config.output, 'data'), { recursive: true });
    // A program of someone else may have a file of this name, and it may even be a config of ours.
    await writeFile(join(config.output, 'config.json'), '{}');
    await writeFile(join(config.output, 'data', 'thesis.txt'), 'precious');
    const failure = openRun(config, silent, { fresh });

    await expect(failure).rejects.toThrow(
      /not empty and has no \.rodpo\.json.*"config\.json", "data"/,
    );
    await expect(failure.catch(isActionable)).resolves.toBe(true);
    expect((await readdir(config.output, { recursive: true })).sort()).toEqual([
      'config.json',
      'data',
      'data/thesis.txt',
    ]);
  },
);

test('fresh removes what a run made, says what stays, and follows no link', async () => {
  const config = await tinyConfig();
  const outside = await mkdtemp(join(tmpdir(), 'rodpo-outside-'));
  await writeFile(join(outside, 'ids.json'), 'not ours');
  await prepared(config);
  await writeFile(join(config.output, 'results', 'notes.md'), 'precious');
  await symlink(outside, join(config.output, 'features', 'text'));
  const { said } = await prepared({ ...config, seed: 9 }, { fresh: true });

  expect(said).toMatch(/--fresh leaves in place what no run made: "results\/notes\.md"/);
  expect(await readFile(join(config.output, 'results', 'notes.md'), 'utf8')).toBe('precious');
  expect(await readFile(join(outside, 'ids.json'), 'utf8')).toBe('not ours');
});

test('a folder goes on whatever it is called and wherever its data lie', async () => {
  const path = await sequencesFile(5);
  const config = await configOf(path);
  const first = await prepared(config);
  const output = `${config.output}-renamed`;
  await rename(config.output, output);
  const elsewhere = join(await mkdtemp(join(tmpdir(), 'rodpo-data-')), 'moved.txt');
  await rename(path, elsewhere);
  const moved = { ...config, output, data: { source: 'sequences' as const, path: elsewhere } };

  const second = await prepared(moved);
  expect([second.id, second.identity]).toEqual([first.id, first.identity]);
});

test('data that changed are refused; a new time of change alone is no change', async () => {
  const path = await sequencesFile(5);
  const config = await configOf(path);
  await prepared(config);
  await utimes(path, new Date(0), new Date(0));
  await prepared(config);
  const { size } = { size: (await readFile(path)).length };
  await writeSequences(path, 7);

  expect((await readFile(path)).length).toBe(size);
  await expect(prepared(config)).rejects.toThrow(/made with other data: "clicks\.txt".*--fresh/s);
  await prepared(config, { fresh: true });
});

test('of two openings at once, one gets the folder', async () => {
  const config = await tinyConfig();
  const opened = await Promise.allSettled([openRun(config, silent), openRun(config, silent)]);
  const errors = opened.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));

  expect(errors).toHaveLength(1);
  expect(errors[0].message).toContain(`in use by process ${process.pid}`);
});

test('what a killed process left half written is gone when the run is opened', async () => {
  const config = await tinyConfig();
  await prepared(config);
  const name = 'ids.json.0b7c2f5e-6a4d-4a32-9d3c-2f1f0c7c9a11.partial';
  await writeFile(join(config.output, 'data', name), '{"userIds": [');
  await prepared(config);

  expect(await readdir(join(config.output, 'data'))).not.toContain(name);
});
