import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { errorText } from '../../src/run/error-text.ts';
import { rodpo } from '../rodpo.ts';
import { tinyConfig } from '../tiny-run.ts';
import { summaryOf, wholeRun } from './whole-run.ts';

/** What the file system refuses, for paths that hold a text; nothing while it is undefined. */
const refusal = vi.hoisted(() => ({ code: '', at: undefined as string | undefined, count: 0 }));

/** The file system, but for what is refused: root may do anything, and no disk of a test is full. */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<Record<string, (...given: unknown[]) => Promise<object>>>();
  const errorOf = (syscall: string, path?: string) => {
    refusal.count++;
    const named = path === undefined ? {} : { path };
    const message = `${refusal.code}: refused, ${syscall}${path === undefined ? '' : ` '${path}'`}`;
    return Object.assign(new Error(message), { code: refusal.code, errno: -1, syscall, ...named });
  };
  /** What a full disk refuses is the writing, and a handle does not say to what. */
  const full = (handle: object) =>
    new Proxy(handle, {
      get: (target, name) => {
        if (name === 'writeFile') return () => Promise.reject(errorOf('write'));
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const wrapped =
    (name: string) =>
    async (path: unknown, ...rest: unknown[]) => {
      const isRefused = refusal.at !== undefined && String(path).includes(refusal.at);
      if (!isRefused) return real[name]!(path, ...rest);
      if (refusal.code !== 'ENOSPC') throw errorOf(name, String(path));
      if (name === 'writeFile') throw errorOf('write');
      return name === 'open' ? full(await real.open!(path, ...rest)) : real[name]!(path, ...rest);
    };
  const names = [
    'access',
    'link',
    'mkdir',
    'open',
    'readFile',
    'readdir',
    'rename',
    'stat',
    'writeFile',
  ];
  return { ...real, ...Object.fromEntries(names.map((name) => [name, wrapped(name)])) };
});

let config: Config;

beforeAll(async () => {
  config = await tinyConfig({
    ...wholeRun,
    pretrain: { maxEpochs: 1 },
    align: { maxEpochs: 1, strategies: [{ name: 'uniform' }] },
  });
  await summaryOf(config);
}, 120_000);

const read = ['EACCES', 'EISDIR', 'EMFILE', 'ENAMETOOLONG', 'EIO'];
const write = [...read, 'ENOSPC'];

describe.each([
  ['the folder', '/other', write],
  ['its marker', '/.rodpo.json', read],
  ['its lock', '/.lock', write],
  ['its settings', '/config.json', write],
  ['its data', '/data/interactions.safetensors', read],
  ['a store', '/features/text/manifest.json', read],
  ['a shard', '/features/text/shard-00001.safetensors', read],
  ['weights', '/checkpoints/pretrain.safetensors', read],
  ['ranks', '/results/uniform.safetensors', write],
  ['results', '/results/uniform.json', write],
  ['the table', '/summary.json', write],
] as const)('%s (%s)', (what, at, codes) => {
  test.each(codes)(
    '%s is one line that names the path',
    async (code) => {
      const output = join(await mkdtemp(join(tmpdir(), 'rodpo-')), 'other');
      if (what !== 'the folder') await cp(config.output, output, { recursive: true });
      Object.assign(refusal, { code, at: at === '/other' ? at : `other${at}`, count: 0 });
      const outcome = await summaryOf({ ...config, output }).catch((error: Error) => error);
      refusal.at = undefined;

      expect(refusal.count).toBeGreaterThan(0);
      const text = errorText(outcome);
      expect(text).toMatch(/^error: [^\n]+\.$/);
      expect(text).toContain(at);
      await rm(output, { recursive: true, force: true });
    },
    60_000,
  );
});

test('a folder in place of a file of settings, of interactions or of a catalogue is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
  await mkdir(join(folder, 'c.json'));
  const asSettings = await rodpo('config', '--config', join(folder, 'c.json')).catch(errorText);
  expect(asSettings).toMatch(/^error: [^\n]*c\.json[^\n]*$/);

  for (const source of ['sequences', 'inter'] as const) {
    const own = await tinyConfig({ data: {} });
    const data = { source, path: folder } as Config['data'];
    const outcome = await summaryOf({ ...own, data }).catch((error: Error) => error);
    expect(errorText(outcome), source).toMatch(/^error: A file was expected[^\n]*\(EISDIR in/);
    expect(errorText(outcome), source).toContain(folder);
  }
});
