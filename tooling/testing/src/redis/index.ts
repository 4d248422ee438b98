export {
  describeWithOwnRedis,
  describeWithRedis,
  type OwnRedisForTests,
  type RedisForTests,
} from './describe-with-redis.ts';
export { freePort, startRedis } from './redis-server.ts';
