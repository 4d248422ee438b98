import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkDigest } from './check-digest.mjs';

/** The libraries without Python, and of the headers those that the C API includes. */
const wanted =
  'tensorflow/(libtensorflow_(cc|framework)\\.so\\.2|include/tensorflow/(c|core/platform|tsl)/.*\\.h)';

/** A wheel is a zip archive, and what reads it is there wherever pip is. */
const extract = `
import re, sys, zipfile
archive, folder, pattern = sys.argv[1:]
with zipfile.ZipFile(archive) as wheel:
    names = [name for name in wheel.namelist() if re.fullmatch(pattern, name)]
    wheel.extractall(folder, names)
`;

/** Puts TensorFlow's C API into `libraries`; returns where its headers lie. */
export function fetchTensorflow({ name, version, sha256 }, { scratch, libraries }) {
  const folder = join(scratch, 'wheel');
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
  // Any Python's wheel would do, since none of it runs here: the one whose digest is known.
  const platform = ['--python-version=3.10', '--platform=manylinux2014_x86_64'];
  const request = ['--dest', folder, `${name}==${version}`];
  python(['-m', 'pip', 'download', ...options, '--implementation=cp', ...platform, ...request]);
  const archive = join(folder, readdirSync(folder)[0]);
  checkDigest(archive, { algorithm: 'sha256', encoding: 'hex', expected: sha256 });

  python(['-c', extract, archive, scratch, wanted]);
  rmSync(archive);
  mkdirSync(libraries, { recursive: true });
  for (const library of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    renameSync(join(scratch, 'tensorflow', library), join(libraries, library));
  }
  return { include: join(scratch, 'tensorflow', 'include') };
}

const python = (options) => execFileSync('python3', options, { stdio: 'inherit' });
