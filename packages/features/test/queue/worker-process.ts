// A worker in a process of its own: connection, queue and store are its arguments. With `hang` it
// never gets beyond the middle of its first shard; with `held` it makes no shard, but leaves its name
// in a file a moment after it was given one.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { extractShard, finishStore } from '@rodpo/features';
import { type MakeShard, workShards } from '@rodpo/queue';
import { catalogue, cut, sines } from './sines.ts';

const [connection, name, folder, mode] = process.argv.slice(2) as [string, string, string, string?];
let batches = 0;
const embedder = sines(async ([first]) => {
  if (mode === 'hang' && ++batches === 2) {
    console.log(`hangs ${Math.floor(first! / cut.shardSize)}`);
    await sleep(60_000);
  }
  await sleep(20);
});

const makeShard: MakeShard = (index, { signal, assertOwned }) =>
  extractShard(catalogue, embedder, index, { folder, ...cut, signal, beforeSave: assertOwned });

const leaveName: MakeShard = async (index, { assertOwned }) => {
  console.log(`holds ${index}`);
  await sleep(1000);
  await assertOwned().catch((error: Error) => {
    console.log(error.name);
    throw error;
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'owner'), 'the first');
};

const report = await workShards(
  { connection, name, timeout: 5000 },
  mode === 'held' ? leaveName : makeShard,
  { lockDuration: 500, onDone: (index) => console.log(`made ${index}`) },
);
if (mode !== 'held') {
  await finishStore(folder, { itemCount: catalogue.itemCount, shardSize: cut.shardSize });
}
console.log(`done ${report.done} failed ${report.failed}`);
