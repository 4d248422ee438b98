import { actionable, quote } from '@rodpo/errors';
export type JsonFields = Readonly<Record<string, unknown>>;

/** For errors: which field, what came, what to do. */
export function refused(field: string, value: unknown, expected: string): RangeError {
  return actionable(
    new RangeError(
      `preprocessor_config.json: ${field} must be ${expected}, got ${quote(String(JSON.stringify(value)), 200)}`,
    ),
  );
}

export function asFields(value: unknown, field: string): JsonFields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonFields;
  }
  throw refused(field, value, 'an object');
}

/** Null is the same as absent, as in the files that transformers writes. */
export function readFlag(fields: JsonFields, field: string, fallback: boolean): boolean {
  const value = fields[field] ?? fallback;
  if (typeof value === 'boolean') return value;
  throw refused(field, value, 'true or false');
}

export function asPixelCount(value: unknown, field: string): number {
  if (Number.isInteger(value) && (value as number) >= 1) return value as number;
  throw refused(field, value, 'a positive whole number of pixels');
}

export function asNumber(value: unknown, field: string): number {
  if (Number.isFinite(value)) return value as number;
  throw refused(field, value, 'a number');
}

/** One number for all channels, or three. */
export function asTriple(value: unknown, field: string): [number, number, number] {
  const [red, green, blue, ...rest] = Array.isArray(value) ? value : [value, value, value];
  if (rest.length > 0) throw refused(field, value, 'a number or three: red, green, blue');
  return [asNumber(red, field), asNumber(green, field), asNumber(blue, field)];
}
