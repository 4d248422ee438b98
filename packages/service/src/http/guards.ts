import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import type { Environment } from './environment.ts';
import { HttpError } from './http-error.ts';

const digestOf = (text: string) => createHash('sha256').update(text).digest();

/** Lets through whoever shows the token. Comparing takes as long whatever was shown. */
export function requireToken(token: string): MiddlewareHandler {
  const expected = digestOf(token);
  return bearerAuth({ verifyToken: (shown) => timingSafeEqual(digestOf(shown), expected) });
}

/**
 * Lets through bodies that say they are JSON: any other would be read as an empty request, which is
 * answered. It also keeps pages of other origins from asking, which may not say so.
 */
export const requireJson: MiddlewareHandler<Environment> = async (c, next) => {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    const message = 'Expected the header "Content-Type: application/json", and JSON in the body.';
    throw new HttpError(415, 'not-json', { message });
  }
  // What checks the body knows fewer spellings than HTTP allows, such as a blank before the semicolon.
  c.req.raw.headers.set('Content-Type', type);
  await next();
};
