import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import read from '@changesets/read';
import { expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../', import.meta.url));
const names = [
  ...readdirSync(`${repository}/packages`).map((folder) => `@rodpo/${folder}`),
  '@rodpo/pipeline',
  '@rodpo/studio',
];

/** Whoever releases would find out too late that one cannot be read. */
test('every changeset can be read, and names packages that there are', async () => {
  const files = readdirSync(`${repository}/.changeset`).filter(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  const changesets = await read(repository);

  expect(changesets.map(({ id }) => `${id}.md`).sort()).toEqual(files.sort());
  for (const { id, summary, releases } of changesets) {
    // One that releases nothing (`--empty`) has nothing to say, and no other is silent.
    expect(summary === '', id).toBe(releases.length === 0);
    for (const { name } of releases) expect(names, id).toContain(name);
  }
});
