/** What an event holds besides its time: how the file begins, that a process started, or figures. */
export type EventContent =
  | { readonly fileVersion: string }
  | { readonly isStart: true }
  | { readonly figures: Readonly<Record<string, number>> };

/** Numbers of the fields, from event.proto and summary.proto of TensorBoard. */
const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 };
const summary = { value: 1 };
const value = { tag: 1, simpleValue: 2 };
const sessionLog = { status: 1 };
const statusOfStart = 1;

/**
 * An `Event` of TensorBoard as protobuf. Figures become float32, as all writers' do.
 *
 * @param timeMs since 1970; kept in seconds
 * @see https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto
 */
export function eventOf(timeMs: number, step: number, content: EventContent): Buffer {
  // A field of 0 is left out, as protobuf does.
  const place = step === 0 ? [] : [integer(event.step, step)];
  const time = double(event.wallTime, timeMs / 1000);
  return Buffer.concat([time, ...place, contentOf(content)]);
}

function contentOf(content: EventContent): Buffer {
  if ('fileVersion' in content) return text(event.fileVersion, content.fileVersion);
  if ('isStart' in content) {
    return bytes(event.sessionLog, integer(sessionLog.status, statusOfStart));
  }
  const values = Object.entries(content.figures).map(([name, figure]) =>
    bytes(summary.value, Buffer.concat([text(value.tag, name), float(value.simpleValue, figure)])),
  );
  return bytes(event.summary, Buffer.concat(values));
}

// Wire types: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.

function integer(field: number, number: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(number)]);
}

function double(field: number, number: number): Buffer {
  const target = Buffer.alloc(8);
  target.writeDoubleLE(number);
  return Buffer.concat([varint((field << 3) | 1), target]);
}

function float(field: number, number: number): Buffer {
  const target = Buffer.alloc(4);
  target.writeFloatLE(number);
  return Buffer.concat([varint((field << 3) | 5), target]);
}

function text(field: number, string: string): Buffer {
  return bytes(field, Buffer.from(string));
}

function bytes(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

/** Seven bits a byte, the low ones first; exact for all safe integers from 0. */
function varint(number: number): Buffer {
  const found: number[] = [];
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) found.push((rest % 128) | 128);
  found.push(rest);
  return Buffer.from(found);
}
