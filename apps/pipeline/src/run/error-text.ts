import { isActionable, quote } from '@rodpo/errors';

/**
 * What a person is told of an error: the message alone of those that one can act on, and of what the
 * system refuses in words of our own. Anything else is a fault of the program, and shows its stack.
 */
export function errorText(error: unknown): string {
  if (isActionable(error)) return `error: ${error.message}`;
  const refused = systemErrorText(error);
  if (refused !== undefined) return `error: ${refused}`;
  return error instanceof Error && error.stack ? error.stack : String(error);
}

/** What happened, and what to do, by the system's code. */
const meanings: Readonly<Record<string, readonly [string, string]>> = {
  EACCES: ['Access is denied', 'Change the permissions, or name another place.'],
  EBUSY: ['It is in use by another program', 'End that, or name another place.'],
  EDQUOT: ['The disk quota is used up', 'Free some space, then give the same command again.'],
  EEXIST: ['A file is in the way', 'Move it, or name another place.'],
  EFBIG: ['The file would be larger than allowed', 'Name a place on another file system.'],
  EIO: ['The device failed to read or write', 'Check the disk, or name a place on another one.'],
  EISDIR: ['A file was expected, and this is a folder', 'Name a file.'],
  ELOOP: ['Symbolic links lead round in a circle', 'Mend the links, or name another place.'],
  EMFILE: [
    'Too many files are open',
    'Raise the limit (ulimit -n), or lower features.concurrency.',
  ],
  ENAMETOOLONG: ['The name is too long for the file system', 'Choose a shorter one.'],
  ENFILE: ['The system has too many files open', 'Close other programs, then try again.'],
  ENOENT: ['There is no such file or folder', 'Check the path.'],
  ENOMEM: ['The system has no memory left', 'Close other programs, or choose smaller sizes.'],
  ENOSPC: ['The disk is full', 'Free some space, then give the same command again.'],
  ENOTDIR: ['A folder was expected, and part of the path is a file', 'Name another place.'],
  EPERM: ['The system does not permit it', 'Change the permissions, or name another place.'],
  EROFS: ['The file system is read-only', 'Name a place that can be written to (--output).'],
  ETXTBSY: ['It is in use by another program', 'End that, or name another place.'],
};

/** The parents of a folder are made with it: what is missing then is a place that lets itself be written to. */
const folderNotMade: (typeof meanings)[string] = [
  'The folder cannot be made',
  'Check the path, and whether its file system can be written to, or name another place (--output).',
];

function systemErrorText(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  const meaning = code === 'ENOENT' && syscall === 'mkdir' ? folderNotMade : meanings[code];
  if (!meaning) return undefined;
  const [happened, advice] = meaning;
  const where = path === undefined ? '' : `: ${quote(path, 300)}`;
  return `${happened}${where} (${code} in ${syscall}). ${advice}`;
}
