/** @throws {TypeError} if the value is nothing that JSON has: `JSON.stringify` gives no text then */
export function toJson(value: unknown, indent?: number): string {
  const text: string | undefined = JSON.stringify(value, null, indent);
  if (text !== undefined) return text;
  throw new TypeError(`A value must be one that JSON has, got ${typeof value}.`);
}
