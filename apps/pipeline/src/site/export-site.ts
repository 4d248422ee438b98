import { cp, lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ifThere, isJsonObject, readJson, writeFolder, writeJson } from '@rodpo/files';
import type { Manifest } from '@rodpo/serving';
import { pageFolder, type Site, siteFile } from '@rodpo/studio';
import { type ExportOptions, exportBundle } from '../bundle/export-bundle.ts';
import { requireTrained } from '../bundle/trained-names.ts';
import { ConfigError } from '../config/config.ts';
import { baseline } from '../config/config-problems.ts';
import type { Run } from '../run/run.ts';
import { preparedDataset } from '../stages/results.ts';
import { curvesOf, poolOf, usersOf } from './site-facts.ts';
import { writePictures } from './site-pictures.ts';

export interface ExportSiteOptions extends Omit<ExportOptions, 'output' | 'index' | 'pictures'> {
  /** Folder of the site. */
  readonly site: string;
  /** How many people's histories can be picked on the page: their ids are in it. Default 0. */
  readonly users?: number;
  /** Copy the pictures that the catalogue has on this machine, in small. Default false. */
  readonly pictures?: boolean;
}

/**
 * Writes a folder of static files that recommends in a browser: the page, its script, onnxruntime's wasm, and a
 * bundle of the pretrained model and of the strategy, if one is named. It appears complete or not at all.
 *
 * @returns the bundles' manifests
 * @throws {ConfigError} if the run has no such model, or the folder is there and is not to be replaced
 */
export async function exportSite(
  run: Run,
  {
    site: folder,
    strategy = baseline,
    fresh = false,
    users: count = 0,
    pictures: hasPictures = false,
    ...columns
  }: ExportSiteOptions,
): Promise<Manifest[]> {
  const isThere = await checkTarget(resolve(folder), fresh);
  const names = [...new Set([baseline, strategy])];
  const write = async (partial: string) => {
    const manifests: Manifest[] = [];
    const dataset = await preparedDataset(run);
    for (const name of names) await requireTrained(run, name); // before pictures, which take long
    const pictures = hasPictures
      ? { pictures: await writePictures(run, partial, dataset.itemIds) }
      : {};
    for (const name of names) {
      const output = join(partial, bundleOf(name));
      manifests.push(await exportBundle(run, { ...columns, ...pictures, strategy: name, output }));
    }
    const models = names.map((name) => ({ name, bundle: bundleOf(name) }));
    const curves = await curvesOf(run, names);
    const users = count > 0 ? { users: usersOf(run, dataset, count) } : {};
    const pool = poolOf(run, strategy);
    const facts = { curves, ...users, ...(pool ? { pool } : {}) };
    await writePage(partial, { kind: 'studio', format: 1, models, ...facts });
    return manifests;
  };
  return writeFolder(folder, write, { replace: isThere });
}

const bundleOf = (name: string) => `bundles/${name}`;

async function writePage(folder: string, site: Site): Promise<void> {
  await cp(await pageFolder(), folder, { recursive: true });
  await writeJson(join(folder, siteFile), site);
}

/** Whether there is a site to be replaced. Nothing else is ever touched. */
async function checkTarget(folder: string, replace: boolean): Promise<boolean> {
  if ((await ifThere(lstat(folder))) === undefined) return false;
  if (!replace) {
    throw new ConfigError(
      `${folder} is there already. Name another folder as --site, or replace it (--fresh).`,
    );
  }
  const held = await readJson(join(folder, siteFile)).catch(() => undefined);
  if (isJsonObject(held) && held.kind === 'studio') return true;
  throw new ConfigError(
    `${folder} is no site that 'rodpo export' wrote, so it is not replaced. Name another folder, or remove it.`,
  );
}
