import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { atLeast, atMost } from '../common/figures.mjs';
import { bundleOf } from './bundles.mjs';
import { bodies, itemCount } from './service.mjs';
import { ours, started } from './started.mjs';

const examples = 400;

/** Requests that schemathesis makes of the OpenAPI document, those that break it among them. */
export async function measure({ folder, python, say }) {
  if (!python) return [];
  const bundle = await bundleOf(folder, itemCount);
  const service = await started(ours({ bundle, workers: 1 }), bodies()[0]);
  try {
    const { code, text } = await schemathesis(python, { address: service.address, folder });
    say(text);
    const after = await service.post(bodies()[0]);
    if (after.items.length !== 10) throw new Error('The service no longer answers.');
    const made = Number(/(\d+) generated/.exec(text)?.[1] ?? 0);
    return [
      atLeast('malformed: requests made', made, 'requests', 1000),
      atMost('malformed: answered with 5xx, or not at all', code === 0 ? 0 : 1, 'runs', 0),
    ];
  } finally {
    await service.stop();
  }
}

async function schemathesis(python, { address, folder }) {
  const args = ['run', `${address}/openapi.json`, '--checks', 'not_a_server_error'];
  const own = ['--mode', 'all', '--max-examples', String(examples), '--seed', '1', '--no-color'];
  const child = spawn(join(dirname(python), 'schemathesis'), [...args, ...own], {
    cwd: folder, // it keeps notes where it runs
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      text += data;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, text };
}
