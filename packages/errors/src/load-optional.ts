import { actionable } from './actionable.ts';

/**
 * Imports an optional peer on first use: `loadOptional('sharp', () => import('sharp'))`.
 *
 * @throws {Error} (marked as actionable) that tells a package that is not installed from one that is
 * and does not work here, with the import's own error as its `cause`
 */
export async function loadOptional<Module>(
  name: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const advice = isNotInstalled(name, cause)
      ? `It is an optional peer: install it with \`npm install ${name}\`.`
      : 'It is installed but does not work here: see the cause.';
    throw actionable(new Error(`Could not load ${name}. ${advice}`, { cause }));
  }
}

/**
 * Whether an import failed because there is no such package. A file missing inside a package is a
 * broken package, so the name must be the one missed.
 */
export function isNotInstalled(name: string, cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && cause.message.includes(`package '${name}'`);
}
