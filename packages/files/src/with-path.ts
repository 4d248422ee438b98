/**
 * A system's error with the file that it is about. A full disk, for one, is noticed by a handle, whose
 * errors name no file.
 */
export function withPath(error: unknown, path: string): unknown {
  const isNameless = error instanceof Error && 'code' in error && !('path' in error);
  return isNameless ? Object.assign(error, { path }) : error;
}

/**
 * What a file operation gives. What the system refuses of an open file, such as to read a folder, or to
 * write to a full disk, names no path: its error is thrown with this one.
 */
export async function namingPath<Result>(
  path: string,
  operation: Promise<Result>,
): Promise<Result> {
  try {
    return await operation;
  } catch (error) {
    throw withPath(error, path);
  }
}
