import type { Queue } from 'bullmq';
import type { ShardJob } from './shard-queue.ts';

/** A queue of BullMQ whose jobs are shards. */
export type Jobs = Queue<ShardJob>;
