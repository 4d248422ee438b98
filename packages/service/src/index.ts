export { createService, type Service } from './create-service.ts';
export type { Condition, ItemFilterBody } from './http/item-filter.ts';
export type { RequestBody } from './http/schemas.ts';
export type { ListenOptions } from './listen/start-server.ts';
export type { ServiceOptions, Siblings } from './service-options.ts';
export { connectPrimary, type Primary } from './workers/connect-primary.ts';
export { type StartWorkersOptions, startWorkers, type Workers } from './workers/start-workers.ts';
