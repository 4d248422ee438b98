// A worker in a process of its own: connection, queue and store are its arguments. With `hang` it
// never gets beyond the middle of its first shard.
import { setTimeout as sleep } from 'node:timers/promises';
import { extractShard, finishStore } from '@rodpo/features';
import { workShards } from '@rodpo/features/queue';
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

const report = await workShards(
  { connection, name, timeout: 5000 },
  (index, signal) => extractShard(catalogue, embedder, index, { folder, ...cut, signal }),
  { lockDuration: 500, onDone: (index) => console.log(`made ${index}`) },
);
await finishStore(folder, { itemCount: catalogue.itemCount, shardSize: cut.shardSize });
console.log(`done ${report.done} failed ${report.failed}`);
