import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  appendJsonLine,
  lockFolder,
  writeAtomically,
  writeSafetensors,
  writeShards,
} from '@rodpo/files';

const [task, folder, label = ''] = process.argv.slice(2) as [string, string, string?];

/** Contents that tell which of them they are, and whether they are whole. */
async function* bytesOf(letter: string): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < 8; part++) yield Buffer.alloc(1 << 18, letter);
}

const tasks: Record<string, () => Promise<void>> = {
  write: async () => {
    for (;;) await writeAtomically(join(folder, 'file'), bytesOf(label));
  },
  weights: async () => {
    for (let epoch = 1; ; epoch++) {
      const x = { shape: [1 << 18], data: new Float32Array(1 << 18).fill(epoch) };
      await writeSafetensors(join(folder, 'weights'), { x }, { epoch: String(epoch) });
    }
  },
  shards: async () => {
    for (let epoch = 1; ; epoch++) {
      const x = { shape: [16, 1 << 14], data: new Float32Array(1 << 18).fill(epoch) };
      const options = { maxShardBytes: 1 << 18 };
      await writeShards(join(folder, 'shards'), { x }, { epoch: String(epoch) }, options);
    }
  },
  log: async () => {
    for (let epoch = 1; ; epoch++) {
      await appendJsonLine(join(folder, 'log'), { epoch, text: 'ä'.repeat(50_000) });
    }
  },
  hold: async () => {
    await lockFolder(folder, { purpose: 'holding' });
    process.stdout.write('held\n');
    setInterval(() => {}, 1000);
  },
  contend: async () => {
    process.stdout.write('ready\n');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    try {
      const lock = await lockFolder(folder, { purpose: label });
      // A second owner at the same time finds this file.
      writeFileSync(join(folder, 'inside'), label, { flag: 'wx' });
      process.stdout.write((await lock.isMine()) ? 'owner\n' : 'robbed\n');
    } catch (error) {
      process.stdout.write(`${(error as Error).name}\n`);
    }
    process.stdin.resume(); // alive until it is killed
  },
};
await tasks[task]!();
