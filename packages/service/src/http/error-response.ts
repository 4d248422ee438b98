import { RequestError, UnknownItemError } from '@rodpo/serving';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { AbandonedError, QueueFullError } from '../batching/batcher-errors.ts';
import type { Environment } from './environment.ts';
import { type ErrorBody, HttpError } from './http-error.ts';

/** Every error as JSON, in words for whoever asked; a fault of ours in the log alone. */
export function errorResponse(
  error: unknown,
  c: Context<Environment>,
  { logger }: { readonly logger: Logger },
): Response {
  const told = toldOf(error);
  const requestId = c.get('requestId');
  if (told.code === 'fault') logger.error({ requestId, err: error }, 'request failed');
  const { status, code, message, problems } = told;
  const body: ErrorBody = { code, message, requestId, ...(problems ? { problems } : {}) };
  const headers = new Headers({ 'Content-Type': 'application/json' });
  // What the token's check asks for.
  const challenge = error instanceof HTTPException && error.res?.headers.get('WWW-Authenticate');
  if (challenge) headers.set('WWW-Authenticate', challenge);
  if (status === 429 || status === 503) headers.set('Retry-After', '1');
  return c.newResponse(JSON.stringify(body), { status: status as 400, headers });
}

function toldOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const { message } = error as Error;
  if (error instanceof QueueFullError) return new HttpError(429, 'queue-full', { message });
  if (error instanceof AbandonedError) {
    return error.hasBegun
      ? new HttpError(504, 'too-slow', { message })
      : new HttpError(503, 'overloaded', { message });
  }
  if (error instanceof RequestError) return new HttpError(400, 'bad-request', { message });
  if (error instanceof UnknownItemError) return new HttpError(404, 'unknown-item', { message });
  if (error instanceof HTTPException && error.status < 500) return ofHono(error);
  return new HttpError(500, 'fault', {
    message: 'The service failed. Its log says how, under this request id.',
  });
}

/** What hono itself refuses: a token, or a body that is no JSON. */
function ofHono({ status, res }: HTTPException): HttpError {
  if (res?.headers.has('WWW-Authenticate')) {
    const message = 'Expected the header "Authorization: Bearer" with the token of the service.';
    return new HttpError(401, 'unauthorized', { message });
  }
  const message = 'The body is no JSON. Send one request, or a list of them.';
  return new HttpError(status, 'bad-request', { message });
}
