// What comes from npm. No install script runs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDigest } from './check-digest.mjs';

const npm = (folder, ...options) =>
  execFileSync('npm', [...options, '--silent'], { cwd: folder, encoding: 'utf8' });

/** Fetches a package, checks it and unpacks it into `target`; returns its manifest. */
export function unpack({ name, version, integrity }, { scratch, target }) {
  const archive = join(scratch, npm(scratch, 'pack', `${name}@${version}`).trim());
  const [algorithm, expected] = integrity.split(/-(.*)/s);
  checkDigest(archive, { algorithm, encoding: 'base64', expected });

  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
  return JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
}

/** Installs what tfjs-node needs into its project, but for tfjs itself: there must be one copy only. */
export function installDependencies(project, { '@tensorflow/tfjs': _, ...dependencies }) {
  const manifest = { name: 'tfjs-node-build', private: true, dependencies };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest, null, 2));
  npm(project, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock');
}
