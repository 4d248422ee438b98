import type { Recommender } from '@rodpo/serving';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createService, type Service, type ServiceOptions } from '../src/index.ts';

export interface Started {
  readonly service: Service;
  readonly url: string;
  /** `POST /recommend` with a body as JSON. */
  ask(body: unknown): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Lines of the log so far. */
  readonly log: Record<string, unknown>[];
}

/** A service on a port of its own, for one test. */
export async function start(
  bundle: string | Recommender,
  options: ServiceOptions = {},
): Promise<Started> {
  const log: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line: string) => void log.push(JSON.parse(line)) });
  const service = createService(bundle, { threads: 1, logger, ...options });
  onTestFinished(() => service.close());
  const { url } = await service.listen({ port: 0 });
  const headers = { 'Content-Type': 'application/json' };
  return {
    service,
    url,
    log,
    ask: (body) =>
      fetch(`${url}/recommend`, { method: 'POST', headers, body: JSON.stringify(body) }),
    get: (path, own = {}) => fetch(`${url}${path}`, { headers: own }),
  };
}

/** A recommender that answers nothing before `open` is called. */
export interface Gated {
  readonly recommender: Recommender;
  /** How many requests each batch had. */
  readonly sizes: readonly number[];
  open(): void;
}

export function gated(recommender: Recommender): Gated {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const sizes: number[] = [];
  return {
    sizes,
    open: () => open(),
    recommender: {
      ...recommender,
      recommendAll: async (requests) => {
        sizes.push(requests.length);
        await gate;
        return await recommender.recommendAll(requests);
      },
    },
  };
}

/** Until something holds; a test that waits for what never comes times out. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** How many requests wait for their batch, as the service itself tells. */
export async function queueLength({ get }: Pick<Started, 'get'>): Promise<number> {
  const metrics = await (await get('/metrics')).text();
  return Number(/^rodpo_queue_length (\d+)$/m.exec(metrics)![1]);
}
