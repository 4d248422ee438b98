import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface RedisBinary {
  readonly command: string;
  readonly environment: Record<string, string>;
}

const cache = fileURLToPath(new URL('../../../../node_modules/.cache/redis', import.meta.url));

/**
 * `redis-server` of this machine. Where there is none, Debian's package is fetched with apt and
 * unpacked into a cache folder, as any user, and nothing is installed.
 *
 * @returns why there is none, if so
 */
export async function findRedis(): Promise<RedisBinary | string> {
  const installed = { command: 'redis-server', environment: {} };
  if (await runs(installed)) return installed;
  try {
    const folder = join(cache, await systemName());
    if (!existsSync(folder)) await fetchRedis(folder);
    const fetched = unpacked(folder);
    return (await runs(fetched)) ? fetched : `what was fetched into ${folder} does not run`;
  } catch (error) {
    return `no redis-server on PATH, and apt could not fetch it: ${(error as Error).message.replace(/\s+/g, ' ')}`;
  }
}

async function runs({ command, environment }: RedisBinary): Promise<boolean> {
  return run(command, ['--version'], { env: { ...process.env, ...environment } }).then(
    () => true,
    () => false,
  );
}

/** Binaries of one release are of no use to another. */
async function systemName(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8');
  const value = (key: string) => release.match(new RegExp(`^${key}="?([\\w.]+)"?$`, 'm'))?.[1];
  return [value('ID'), value('VERSION_CODENAME') ?? value('VERSION_ID'), process.arch].join('-');
}

/** Test files may do so at the same time: each fetches into its own folder, and one is kept. */
async function fetchRedis(folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    const apt = await privateApt(join(partial, 'apt'));
    await apt(['update']);
    const plan = await apt(['--simulate', '--no-install-recommends', 'install', 'redis-server']);
    const packages = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
    await apt(['download', ...packages]);
    for (const file of await readdir(join(partial, 'apt'))) {
      if (!file.endsWith('.deb')) continue;
      await run('dpkg-deb', ['-x', join(partial, 'apt', file), join(partial, 'root')]);
    }
    await rename(join(partial, 'root'), folder).catch((error) => {
      if (!existsSync(folder)) throw error; // else another was first
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** `apt-get` with lists and archives of its own, in `folder`. */
async function privateApt(folder: string): Promise<(options: string[]) => Promise<string>> {
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  const configuration = join(folder, 'apt.conf');
  const settings = [
    `Dir::State::lists "${join(folder, 'lists')}";`,
    `Dir::Cache "${join(folder, 'cache')}";`,
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    'APT::Sandbox::User "root";', // apt's own user may not write here
    '#clear APT::Update::Post-Invoke;', // these would touch the system
    '#clear APT::Update::Post-Invoke-Success;',
  ];
  await writeFile(configuration, `${settings.join('\n')}\n`);
  return (options) => run('apt-get', ['-c', configuration, ...options], { cwd: folder });
}

function unpacked(folder: string): RedisBinary {
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string];
  const libraries = ['usr/lib', 'lib'].map((path) => join(folder, path, triplet ?? ''));
  return {
    command: join(folder, 'usr', 'bin', 'redis-server'),
    environment: { LD_LIBRARY_PATH: libraries.join(':') },
  };
}

const execute = promisify(execFile);

async function run(
  command: string,
  options: string[],
  settings: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const running = execute(command, options, { timeout: 120_000, ...settings });
  running.child.stdin?.end();
  return (await running).stdout;
}
