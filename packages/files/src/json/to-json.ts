interface ToJsonOptions {
  /** Spaces. Default: all in one line. */
  readonly indent?: number;
  /** As `JSON.stringify` takes it. */
  readonly replacer?: (name: string, part: unknown) => unknown;
}

/** @throws {TypeError} if the value is nothing that JSON has: `JSON.stringify` gives no text then */
export function toJson(value: unknown, { indent, replacer }: ToJsonOptions = {}): string {
  const text: string | undefined = JSON.stringify(value, replacer, indent);
  if (text !== undefined) return text;
  throw new TypeError(`A value must be one that JSON has, got ${typeof value}.`);
}
