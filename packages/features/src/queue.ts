export {
  type CompleteOptions,
  type CompleteReport,
  completeShards,
} from './queue/complete-shards.ts';
export { type DeadLetter, deadLetters, retryDeadLetters } from './queue/dead-letters.ts';
export { type EnqueueOptions, enqueueShards } from './queue/enqueue-shards.ts';
export { type QueueProgress, queueProgress } from './queue/queue-progress.ts';
export { RedisUnreachable } from './queue/redis-unreachable.ts';
export { removeQueue } from './queue/remove-queue.ts';
export { ShardLost } from './queue/shard-lost.ts';
export type { ShardQueue } from './queue/shard-queue.ts';
export type { MakeShard, ShardWork } from './queue/shards-in-work.ts';
export { type WorkOptions, type WorkReport, workShards } from './queue/work-shards.ts';
