import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a service counts, for Prometheus. */
export interface ServiceMetrics {
  readonly registry: Registry;
  readonly requests: Counter<'route' | 'method' | 'status'>;
  readonly seconds: Histogram<'route'>;
  readonly batchSize: Histogram;
  /** Ids of histories that the bundle does not have. */
  readonly unknown: Counter;
  readonly reloads: Counter<'result'>;
  /** Says which bundle is in service, in place of the one before. */
  setBundle(labels: { readonly model: string; readonly version: string }): void;
}

/** A registry of its own: two services of one process do not mix. */
export function serviceMetrics(waiting: () => number): ServiceMetrics {
  const registry = new Registry();
  const registers = [registry];
  const bundle = new Gauge({
    name: 'rodpo_bundle_info',
    help: 'The bundle in service: 1 for each worker that has it.',
    labelNames: ['model', 'version'],
    registers,
  });
  new Gauge({
    name: 'rodpo_queue_length',
    help: 'Requests that wait for their batch.',
    registers,
    collect() {
      this.set(waiting());
    },
  });
  return {
    registry,
    requests: new Counter({
      name: 'rodpo_http_requests_total',
      help: 'Requests by route, method and status.',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'rodpo_http_request_duration_seconds',
      help: 'From the head of a request to its answer.',
      labelNames: ['route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    batchSize: new Histogram({
      name: 'rodpo_batch_size',
      help: 'Requests that were answered together.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    }),
    unknown: new Counter({
      name: 'rodpo_unknown_items_total',
      help: 'Ids of histories that the bundle in service does not have.',
      registers,
    }),
    reloads: new Counter({
      name: 'rodpo_bundle_reloads_total',
      help: 'Reloads of the bundle: done, or refused and the old one kept.',
      labelNames: ['result'],
      registers,
    }),
    setBundle: (labels) => {
      bundle.reset();
      bundle.set(labels, 1);
    },
  };
}
