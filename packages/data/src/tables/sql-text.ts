import { literalPattern } from './literal-pattern.ts';

/** A name of a column or table, as SQL writes it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text, as SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A file: DuckDB takes each path for a pattern, also those that it found by one. */
export function sqlFile(file: string): string {
  return sqlText(literalPattern(file));
}

export function sqlFiles(files: readonly string[]): string {
  return `[${files.map(sqlFile).join(', ')}]`;
}
