import type { OpenAPIHono } from '@hono/zod-openapi';
import type { RequestIdVariables } from 'hono/request-id';
import type { BundleHolder } from '../bundle/bundle-holder.ts';
import type { ServiceMetrics } from '../metrics/service-metrics.ts';
import type { ServiceSettings } from '../service-options.ts';
import type { Schemas } from './schemas.ts';

/** What a request carries. */
export interface Environment {
  Variables: RequestIdVariables;
}

export type App = OpenAPIHono<Environment>;

/** What routes answer with. */
export interface RouteContext {
  readonly settings: ServiceSettings;
  readonly schemas: Schemas;
  readonly holder: BundleHolder;
  readonly metrics: ServiceMetrics;
  /** Whether it has been asked to end. */
  isStopping(): boolean;
}
