/**
 * The indices of ids in numeric order, so that items follow their ids whatever the order of the file; equal
 * integers ('7', '07') keep their order. Nothing if not every id is an integer.
 */
export function numericOrder(ids: readonly string[]): Int32Array | undefined {
  if (!ids.every((id) => /^-?\d+$/.test(id))) return undefined;
  const values = ids.map(integerOf);
  return Int32Array.from(ids.keys()).sort((a, b) => compare(values[a]!, values[b]!));
}

/** Where each index stands in `order`. */
export function placesIn(order: Int32Array): Int32Array {
  const places = new Int32Array(order.length);
  for (const [place, index] of order.entries()) places[index] = place;
  return places;
}

/**
 * An integer of any length by its digits. Ids may exceed 2^53, and to make a `BigInt` of digits
 * takes a second for a million of them.
 */
interface Integer {
  readonly isNegative: boolean;
  /** Without leading zeros; none for 0. */
  readonly digits: string;
}

function integerOf(id: string): Integer {
  const digits = id.replace(/^-?0*/, '');
  return { digits, isNegative: id.startsWith('-') && digits !== '' };
}

function compare(left: Integer, right: Integer): number {
  if (left.isNegative !== right.isNegative) return left.isNegative ? -1 : 1;
  const magnitude = compareDigits(left.digits, right.digits);
  return left.isNegative ? -magnitude : magnitude;
}

function compareDigits(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
