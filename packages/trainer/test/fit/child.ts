import '@tensorflow/tfjs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderCheckpoints, jsonLinesLog, logTo, tensorBoardLog } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { trainTiny } from './tiny-training.ts';

tf.enableProdMode();
await tf.setBackend('cpu');

const [folder, delayMs] = process.argv.slice(2) as [string, string];
await trainTiny(folderCheckpoints(join(folder, 'checkpoints')), {}, [
  logTo(jsonLinesLog(join(folder, 'log.jsonl'))),
  logTo(tensorBoardLog(join(folder, 'events'))),
  {
    onStart: ({ totalStep }) => void process.stdout.write(`start ${totalStep}\n`),
    onStep: async ({ progress: { totalStep } }) => {
      process.stdout.write(`step ${totalStep}\n`);
      await sleep(Number(delayMs)); // time to be killed in
    },
  },
]);
process.stdout.write('end\n');
