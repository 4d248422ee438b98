import { spawnSync } from 'node:child_process';

const runs = (command, ...options) =>
  spawnSync(command, options, { stdio: 'ignore', timeout: 60_000 }).status === 0;

/** Why tfjs-node cannot be built on this machine; nothing if it can. */
export function missingTool() {
  const { platform, arch } = process;
  if (platform !== 'linux' || arch !== 'x64') {
    return `TensorFlow's library is for x86-64 Linux, and this is ${arch} ${platform}`;
  }
  if (!runs('python3', '-m', 'pip', '--version')) return 'python3 with pip is missing';
  if (!runs('g++', '--version')) return 'g++ is missing';
  return undefined;
}
