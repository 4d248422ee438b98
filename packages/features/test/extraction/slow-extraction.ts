/**
 * A process that extracts slowly, writes down each item it prepares, and after so many hangs:
 * `slow-extraction.ts <folder> <log> <options as JSON>`.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { extract, itemList } from '@rodpo/features';
import { fakeEmbedder, someItems } from './fake-embedder.ts';

const [folder, log, json] = process.argv.slice(2) as [string, string, string];
const { itemCount, delay, hangAfter, ...options } = JSON.parse(json);
let prepared = 0;
const embedder = fakeEmbedder({
  dimension: 512,
  onPrepare: async (input) => {
    appendFileSync(log, `${input}\n`);
    await sleep(++prepared >= (hangAfter ?? Infinity) ? 600_000 : delay);
  },
});
const items = itemList(someItems(itemCount, { 5: 'bad 5', 33: 'nan 33' }));
await extract(items, embedder, { folder, ...options });
