/** Where a queue of shards lives. One extraction has one name. */
export interface ShardQueue {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly connection: string;
  /** Any name without a colon, for instance that of the store. */
  readonly name: string;
  /** Milliseconds that Redis may be out of reach before a call fails. Default 10,000. */
  readonly timeout?: number;
}

/** What a job carries. */
export interface ShardJob {
  readonly shardIndex: number;
  readonly shardCount: number;
}
