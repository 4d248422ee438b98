import { actionable } from '@rodpo/errors';
/**
 * Imports an optional peer on first use. A package that is not there and a
 * package that is there but does not work are told apart.
 */
export async function loadOptional<Module>(
  name: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const advice = isMissing(name, cause)
      ? `It is an optional peer: install it with \`npm install ${name}\`.`
      : 'It is installed but does not work here: see the cause.';
    throw actionable(new Error(`Could not load ${name}. ${advice}`, { cause }));
  }
}

/** A file missing inside the package is a broken package, so the name must be the one missed. */
export function isMissing(name: string, cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && cause.message.includes(`package '${name}'`);
}
