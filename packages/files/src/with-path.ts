/**
 * A system's error with the file that it is about. A full disk, for one, is noticed by a handle, whose
 * errors name no file.
 */
export function withPath(error: unknown, path: string): unknown {
  const isNameless = error instanceof Error && 'code' in error && !('path' in error);
  return isNameless ? Object.assign(error, { path }) : error;
}
