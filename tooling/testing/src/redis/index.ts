export { describeWithRedis, type RedisForTests } from './describe-with-redis.ts';
export { findRedis, type RedisBinary } from './redis-binary.ts';
export { freePort, startRedis } from './redis-server.ts';
