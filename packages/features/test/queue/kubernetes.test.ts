import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { range } from '@rodpo/testing';
import type { Job } from 'kubernetes-types/batch/v1.js';
import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1.js';
import { expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { typeErrors } from './type-errors.ts';

const file = new URL('../../deploy/extract-job.yaml', import.meta.url);
const documents = parseAllDocuments(await readFile(file, 'utf8'), { strict: true });
const [claim, job] = documents.map((document) => document.toJS()) as [PersistentVolumeClaim, Job];
const { spec } = job;
const pod = spec!.template.spec!;
const [container] = pod.containers;

test('is two YAML documents without errors or warnings', () => {
  expect(documents.map(({ errors, warnings }) => [...errors, ...warnings])).toEqual([[], []]);
});

const mistakes = [
  {
    mistake: 'an unknown field',
    change: ({ spec }: Job) => Object.assign(spec!, { backoffLimitPerIndices: 4 }),
    message: /'"backoffLimitPerIndices"' does not exist in type 'JobSpec'/,
  },
  {
    mistake: 'an unknown field deep down',
    change: ({ spec }: Job) => Object.assign(spec!.template.spec!.containers[0]!, { images: 'a' }),
    message: /'"images"' does not exist in type 'Container'/,
  },
  {
    mistake: 'a wrong type',
    change: ({ spec }: Job) => Object.assign(spec!, { completions: '8' }),
    message: /Type 'string' is not assignable to type 'number'/,
  },
  {
    mistake: 'a missing field',
    change: ({ spec }: Job) => Reflect.deleteProperty(spec!.template.spec!.containers[0]!, 'name'),
    message: /Property 'name' is missing/,
  },
  {
    mistake: 'another version',
    change: (wrong: Job) => Object.assign(wrong, { apiVersion: 'batch/v2' }),
    message: /Type '"batch\/v2"' is not assignable to type '"batch\/v1"'/,
  },
];
const asJob = (value: Job) => ({ value, type: 'Job', module: 'kubernetes-types/batch/v1.js' });
const errors = typeErrors([
  asJob(job),
  { value: claim, type: 'PersistentVolumeClaim', module: 'kubernetes-types/core/v1.js' },
  ...mistakes.map(({ change }) => {
    const wrong = structuredClone(job);
    change(wrong);
    return asJob(wrong);
  }),
]);

test('has only fields of the published schema, with values of their types', () => {
  expect(errors.slice(0, 2)).toEqual([[], []]);
});

test.each(mistakes.map((row, index) => ({ ...row, found: errors[index + 2] })))(
  '$mistake would be found',
  ({ message, found }) => {
    expect(found).toEqual([expect.stringMatching(message)]);
  },
);

// The rules are in the descriptions of these fields in the schema, not in their types.
test('keeps the rules between fields of an indexed job', () => {
  expect(spec!.completionMode).toBe('Indexed');
  expect(pod.restartPolicy).toBe('Never'); // for backoffLimitPerIndex and podFailurePolicy
  expect(spec!.parallelism).toBeLessThanOrEqual(spec!.completions!);
  expect(spec!.maxFailedIndexes).toBeLessThanOrEqual(spec!.completions!);
  expect(container!.env).toEqual([{ name: 'PARTS', value: `${spec!.completions}` }]);
});

test('mounts what it declares, and reads and writes only there', () => {
  const mounts = container!.volumeMounts!;
  const volumes = pod.volumes!.map(({ name }) => name);
  const paths = container!.command!.join(' ').match(/(?<=\s)\/[\w./-]+/g);

  expect(mounts.map(({ name }) => name).sort()).toEqual(volumes.sort());
  expect(pod.volumes![0]!.persistentVolumeClaim!.claimName).toBe(claim.metadata!.name);
  expect(paths).toHaveLength(2);
  for (const path of paths!) expect(path).toMatch(/^\/data\//);
});

test('the pods, run by a shell, make all parts: 1/8 to 8/8', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rodpo-pod-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'rodpo'), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  await chmod(join(folder, 'rodpo'), 0o755);
  const [shell, ...options] = container!.command!;

  const runs = range(spec!.completions!).map(async (index) => {
    const { stdout } = await promisify(execFile)(shell!, options, {
      env: {
        PATH: [folder, process.env.PATH].join(delimiter),
        JOB_COMPLETION_INDEX: `${index}`,
        ...Object.fromEntries(container!.env!.map(({ name, value }) => [name, value])),
      },
    });
    return stdout.trimEnd().split('\n');
  });

  const said = await Promise.all(runs);
  expect(said.map((words) => words.at(-1))).toEqual(range(8).map((index) => `${index + 1}/8`));
  for (const words of said) {
    expect(words).toEqual([
      ...['extract', '--config', '/data/extract.json', '--output', '/data/run', '--shard'],
      words.at(-1),
    ]);
  }
});
