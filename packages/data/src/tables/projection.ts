import { sqlName } from './sql-text.ts';
import { TableError } from './table-error.ts';

const whole = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DECIMAL\(\d+,0\))$/;
const fraction = /^(FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/;
const text = /^(VARCHAR|ENUM\(.*\)|UUID)$/s;
const moment = /^(DATE|TIMESTAMP.*)$/;

/**
 * The text of an id, or null if the cell holds none. Numbers with a fraction are no ids: of `1.0` and
 * 12345678901234567 nobody knows what stood in the file that they were made from.
 *
 * @throws {TableError} if the column can hold no ids
 */
export function idExpression(name: string, type: string): string {
  const column = sqlName(name);
  if (text.test(type) || whole.test(type)) return `nullif(${column}::varchar, '')`;
  if (type === 'JSON') {
    return (
      `nullif(case when starts_with(${column}::varchar, '"') then ${column}->>'$' ` +
      `when regexp_full_match(${column}::varchar, '-?[0-9]+') then ${column}::varchar end, '')`
    );
  }
  throw new TableError(
    {},
    `expected ids in column ${column}, which are texts or whole numbers, got ${type}. Write the ids as ` +
      'text where the table is made, or cast them in select.',
  );
}

/**
 * A number, or null if the cell holds none that is finite; of moments, seconds since 1970.
 *
 * @param form what the first cell of a column of texts is
 * @throws {TableError} if the column can hold no numbers
 */
export function numberExpression(
  name: string,
  type: string,
  form: 'number' | 'moment' = 'number',
): string {
  const column = sqlName(name);
  if (moment.test(type)) return `epoch(${column})`;
  if (whole.test(type) || fraction.test(type)) return finite(`${column}::double`);
  const written = type === 'JSON' ? `(${column}->>'$')` : column;
  if (type === 'JSON' || text.test(type)) {
    return form === 'moment'
      ? `epoch(try_cast(${written} as timestamptz))`
      : finite(`try_cast(${written} as double)`);
  }
  throw new TableError(
    {},
    `expected numbers in column ${column}, got ${type}. Name another column, or cast it in select.`,
  );
}

function finite(expression: string): string {
  return `case when isfinite(${expression}) then ${expression} end`;
}

/** Whether a column is of texts, so that its cells must be looked at. */
export function isWritten(type: string): boolean {
  return type === 'JSON' || text.test(type);
}

export function isMoment(type: string): boolean {
  return moment.test(type);
}
