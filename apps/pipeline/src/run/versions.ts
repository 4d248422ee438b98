import { createRequire } from 'node:module';
import { isJsonObject, readJson, writeJson } from '@rodpo/files';
import type { Run } from './run.ts';

/** Of the engine, of Node.js and of packages, by name. */
export type Versions = Readonly<Record<string, string>>;

/** What the results of a run were made with; nothing if its file is gone, damaged or another. */
export async function versionsIn({ file }: Pick<Run, 'file'>): Promise<Versions> {
  const known: unknown = await readJson(file('versions.json')).catch(() => undefined);
  return isVersions(known) ? known : {};
}

function isVersions(value: unknown): value is Versions {
  return isJsonObject(value) && Object.values(value).every((one) => typeof one === 'string');
}

/** Adds what runs now to what the results of a run were made with before. */
export async function addVersions(run: Pick<Run, 'file'>, engine: string): Promise<void> {
  const all = allVersions([await versionsIn(run), versionsNow(engine)]);
  await writeJson(run.file('versions.json'), all);
}

const between = ' and ';

/** Everything that any of several were made with: `v20.20.2 and v22.12.0`. */
export function allVersions(several: readonly Versions[]): Versions {
  const names = new Set(several.flatMap((versions) => Object.keys(versions)));
  const valuesOf = (name: string) =>
    several.flatMap(({ [name]: version }) => version?.split(between) ?? []);
  return Object.fromEntries(
    [...names].map((name) => [name, [...new Set(valuesOf(name))].join(between)]),
  );
}

function versionsNow(engine: string): Versions {
  const require = createRequire(import.meta.url);
  const { dependencies, version } = require('../../package.json');
  const found: Record<string, string> = {
    engine,
    node: process.version,
    '@rodpo/pipeline': version,
  };
  for (const name of Object.keys(dependencies)) {
    try {
      found[name] = require(`${name}/package.json`).version;
    } catch {
      // Some packages do not export their manifest; the lock file pins them all the same.
    }
  }
  return found;
}
