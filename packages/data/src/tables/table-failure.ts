import { isActionable } from '@rodpo/errors';
import { TableError, type TablePlace } from './table-error.ts';

/** DuckDB's words for a table that it cannot read, with the place in front; other errors as they are. */
export function tableFailure(error: unknown): unknown {
  if (isActionable(error) || !(error instanceof Error)) return error;
  if (!/^(Invalid Input|IO|Conversion|Parser|Binder|Catalog|Out of Memory)/i.test(error.message)) {
    return error;
  }
  const [first = '', ...others] = error.message.split('\n').filter((line) => line.trim() !== '');
  const detail = first.includes('CSV Error on Line')
    ? (others.find((line) => !line.startsWith('Original Line')) ?? '')
    : first.replace(/^[A-Za-z ]+ Error: /, '');
  return new TableError(placeOf(error.message), `${detail.trim()} ${adviceFor(error.message)}`, {
    cause: error,
  });
}

function placeOf(message: string): TablePlace {
  const file =
    /^ {2}file = (.+)$/m.exec(message)?.[1] ?? /in file "([^"]+)"/.exec(message)?.[1] ?? undefined;
  const csv = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  // DuckDB counts the line behind the one that JSON breaks off in.
  const broken = /at byte \d+ in line (\d+)/.exec(message)?.[1];
  const shaped = /JSON transform error .*in line (\d+)/.exec(message)?.[1];
  const line = csv ?? shaped ?? (broken === undefined ? undefined : Number(broken) - 1);
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line: Number(line) }),
  };
}

function adviceFor(message: string): string {
  if (/unicode|UTF-8/i.test(message)) {
    return "Convert the file to UTF-8, or give encoding: 'latin-1' if it is that.";
  }
  if (/^(Parser|Binder|Catalog)/.test(message)) return 'Correct the query in select.';
  if (/^Out of Memory/i.test(message))
    return 'Raise memoryLimit, or give a temporaryFolder with more room.';
  return 'Correct the file, or say how it is written: format, delimiter, quote, names, encoding.';
}
