import { readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openRun, type Run } from '../../src/run/run.ts';
import { writeResult } from '../../src/run/saved-result.ts';
import { allVersions, versionsIn } from '../../src/run/versions.ts';
import { silent, tinyConfig } from '../tiny-run.ts';

const save = (run: Run) => writeResult(run, run.file('results', 'pretrained.json'), 'it', {});

test('versions are those of what was made, and who only looks is not among them', async () => {
  const config = await tinyConfig({ engine: { threads: 1 } });
  const made = await openRun(config, silent);
  await expect(stat(made.file('versions.json'))).rejects.toThrow('ENOENT');
  await save(made);
  await made.close();
  const versions = await versionsIn(made);
  expect(versions).toMatchObject({ engine: 'onnxruntime', node: process.version });

  const engine = { ...config.engine, kind: 'tfjs' as const };
  const other = await openRun({ ...config, engine }, silent);
  expect(await versionsIn(other)).toEqual(versions);

  await save(other);
  await save(other);
  const all = { ...versions, engine: `onnxruntime and ${other.engine.name}` };
  expect(await versionsIn(other)).toEqual(all);
  await other.close();
  const again = await openRun(config, silent);
  await save(again);
  expect(await versionsIn(again)).toEqual(all);
  await again.close();
});

test.each(['{"engine": "onn', '{"model": "it", "rankSeconds": 1}', '["it"]'])(
  'what is damaged, or no versions, is begun anew: %s',
  async (found) => {
    const run = await openRun(await tinyConfig({ engine: { threads: 1 } }), silent);
    await writeFile(run.file('versions.json'), found);
    expect(await versionsIn(run)).toEqual({});

    await save(run);
    const text = await readFile(run.file('versions.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ engine: 'onnxruntime', node: process.version });
    expect(text).not.toContain('"it"');
    await run.close();
  },
);

test('of several, each is named once, and what only some had as well', () => {
  const [first, second] = [{ node: 'v20' }, { node: 'v22', sharp: '0.34' }];

  expect(allVersions([first, second, first])).toEqual({ node: 'v20 and v22', sharp: '0.34' });
  expect(allVersions([])).toEqual({});
});
