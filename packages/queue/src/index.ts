export {
  type CompleteOptions,
  type CompleteReport,
  completeShards,
} from './complete-shards.ts';
export { type DeadLetter, deadLetters, retryDeadLetters } from './dead-letters.ts';
export { type EnqueueOptions, enqueueShards } from './enqueue-shards.ts';
export { type QueueProgress, queueProgress } from './queue-progress.ts';
export { RedisUnreachable } from './redis-unreachable.ts';
export { removeQueue } from './remove-queue.ts';
export { ShardLost } from './shard-lost.ts';
export type { ShardQueue } from './shard-queue.ts';
export type { MakeShard, ShardWork } from './shards-in-work.ts';
export { type WorkOptions, type WorkReport, workShards } from './work-shards.ts';
