import { actionable, quote } from '@rodpo/errors';
import { writeAtomically } from '@rodpo/files';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';

/**
 * Writes a RecBole atomic file: `user_id:token`, `item_id:token` and, where the dataset has times,
 * `timestamp:float`, a user's interactions in their order. `readInter` reads the same dataset from it,
 * but for users without interactions and items that nobody chose.
 *
 * @throws {RangeError} if an id holds a tabulator or a line break, before anything is written
 */
export async function writeInter(path: string, dataset: SequenceDataset): Promise<void> {
  requireIds(dataset, /[\t\n\r]/, 'an atomic file keeps no tabulators or line breaks');
  await writeAtomically(path, encoded(interLines(dataset)));
}

function* interLines({ userIds, itemIds, sequences, times }: SequenceDataset): Generator<string> {
  yield `user_id:token\titem_id:token${times ? '\ttimestamp:float' : ''}\n`;
  for (const [user, sequence] of sequences.entries()) {
    for (const [place, item] of sequence.entries()) {
      const time = times ? `\t${times.at(user)![place]}` : '';
      yield `${userIds[user]}\t${itemIds[item]}${time}\n`;
    }
  }
}

/**
 * Writes one line `user item item …` for each user who has interactions, oldest first: what
 * `readSequences`, S3-Rec and its successors read. Times are not kept.
 *
 * @throws {RangeError} if an id holds a space, a tabulator or a line break, before anything is written
 */
export async function writeSequences(path: string, dataset: SequenceDataset): Promise<void> {
  requireIds(dataset, /[ \t\n\r]/, 'lines of sequences keep no white space');
  await writeAtomically(path, encoded(sequenceLines(dataset)));
}

function* sequenceLines({ userIds, itemIds, sequences }: SequenceDataset): Generator<string> {
  for (const [user, sequence] of sequences.entries()) {
    if (sequence.length === 0) continue;
    yield `${[userIds[user], ...Array.from(sequence, (item) => itemIds[item])].join(' ')}\n`;
  }
}

function requireIds({ userIds, itemIds }: SequenceDataset, broken: RegExp, reason: string): void {
  for (const ids of [userIds, itemIds]) {
    const found = ids.find((id) => broken.test(id));
    if (found === undefined) continue;
    throw actionable(
      new RangeError(
        `expected ids that can be told apart in the file, got ${quote(found)}: ${reason}. ` +
          'Write Parquet, which keeps every id.',
      ),
    );
  }
}

/** In pieces of about a megabyte. */
function* encoded(lines: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let piece: string[] = [];
  let length = 0;
  for (const line of lines) {
    piece.push(line);
    length += line.length;
    if (length < 1 << 20) continue;
    yield encoder.encode(piece.join(''));
    [piece, length] = [[], 0];
  }
  yield encoder.encode(piece.join(''));
}
