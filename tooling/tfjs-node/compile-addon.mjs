import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The newest version of Node-API that tfjs-node looks for; every Node since 12.22 has it. */
const nodeApi = 8;

/** Compiles tfjs-node's addon to where tfjs-node looks for it; it finds its libraries from there. */
export function compileAddon({ target, libraries, includes }) {
  const folder = join(target, 'lib', `napi-v${nodeApi}`);
  mkdirSync(folder, { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) =>
    join(target, 'binding', file),
  );
  const linked = ['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'];
  const options = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${nodeApi}`],
    ...includes.map((include) => `-I${include}`),
    ...sources,
    ...[`-L${libraries}`, ...linked, '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ...['-o', join(folder, 'tfjs_binding.node')],
  ];
  execFileSync('g++', options, { stdio: 'inherit' });
}
