import type { Context } from 'hono';
import type { ServedBundle } from '../bundle/served-bundle.ts';
import type { RouteContext } from './environment.ts';
import { HttpError } from './http-error.ts';

/**
 * The bundle that a request is answered by, named in its answer's headers.
 *
 * @throws {HttpError} while the first one is being opened
 */
export function bundleInService(c: Context, { holder }: RouteContext): ServedBundle {
  const bundle = holder.current();
  if (!bundle) {
    const message = 'The bundle is being opened. Ask /ready until it says so.';
    throw new HttpError(503, 'loading', { message });
  }
  c.header('Bundle-Version', bundle.version);
  return bundle;
}
