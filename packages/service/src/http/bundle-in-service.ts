import type { Context } from 'hono';
import type { Lack } from '../bundle/bundle-holder.ts';
import type { ServedBundle } from '../bundle/served-bundle.ts';
import type { RouteContext } from './environment.ts';
import { HttpError } from './http-error.ts';

/**
 * The bundle that a request is answered by, named in its answer's headers.
 *
 * @throws {HttpError} 503 that says why there is none
 */
export function bundleInService(c: Context, { holder }: RouteContext): ServedBundle {
  const bundle = holder.current();
  if (!bundle) throw lackOf(holder.lacking());
  c.header('Bundle-Version', bundle.version);
  return bundle;
}

const messages: Readonly<Record<Lack, string>> = {
  loading: 'The bundle is being opened. Ask /ready until it says so.',
  'not-opened':
    'The bundle could not be opened; whoever started the service was told why. Mend its folder, and ' +
    'reload it or start the service again.',
  stopping:
    'The service is ending, and takes nothing more. Ask another one, or once it is started again.',
};

export const lackOf = (lack: Lack): HttpError =>
  new HttpError(503, lack, { message: messages[lack] });
