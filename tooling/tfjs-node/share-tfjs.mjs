import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const app = createRequire(new URL('../../apps/pipeline/package.json', import.meta.url));

/**
 * Gives a build the app's own tfjs, as an install beside the app would: a process has one copy of it.
 * (tfjs-node asks for tfjs-core as well, without saying so in its manifest.)
 */
export function shareTfjs(project) {
  for (const name of ['@tensorflow/tfjs', '@tensorflow/tfjs-core']) {
    const link = join(project, 'node_modules', name);
    rmSync(link, { recursive: true, force: true });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(dirname(app.resolve(`${name}/package.json`)), link);
  }
}
