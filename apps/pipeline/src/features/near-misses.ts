/** An id that nothing is known of, and one that is known and differs in writing alone. */
export interface NearMiss {
  readonly id: string;
  readonly known: string;
  /** What they differ in. */
  readonly by: string;
}

/**
 * Ids of two files that mean the same and are written otherwise: the first few, to be shown to a
 * person. Nothing is ever joined by them.
 */
export function nearMisses(
  unmatched: readonly string[],
  known: readonly string[],
  limit = 3,
): NearMiss[] {
  const found: NearMiss[] = [];
  for (const { by, ours, theirs } of waysToWrite(unmatched, known)) {
    const knownBy = new Map<string, string>();
    for (const id of known) if (theirs(id) !== '') knownBy.set(theirs(id), id);
    for (const id of unmatched) {
      if (found.length === limit) return found;
      const near = knownBy.get(ours(id));
      if (near === undefined || near === id || found.some((other) => other.id === id)) continue;
      found.push({ id, known: near, by });
    }
  }
  return found;
}

interface WayToWrite {
  readonly by: string;
  readonly ours: (id: string) => string;
  readonly theirs: (id: string) => string;
}

function waysToWrite(unmatched: readonly string[], known: readonly string[]): WayToWrite[] {
  const both = (by: string, form: (id: string) => string) => ({ by, ours: form, theirs: form });
  const [our, their] = [commonPrefix(unmatched), commonPrefix(known)];
  return [
    both('white space', (id) => id.trim()),
    both('upper and lower case', (id) => id.toLowerCase()),
    both('leading zeros', (id) => id.replace(/^0+(?=.)/, '')),
    both('".0" at the end', (id) => id.replace(/\.0+$/, '')),
    both('quotation marks', (id) => id.replace(/^(["'])(.*)\1$/s, '$2')),
    both('the composition of letters', (id) => id.normalize('NFC')),
    {
      by: 'a prefix',
      ours: (id) => id.slice(our.length),
      theirs: (id) => id.slice(their.length),
    },
  ];
}

/** What all ids begin with, digits left out: those are what ids of one prefix differ in. */
function commonPrefix(ids: readonly string[]): string {
  let prefix = /^\D*/.exec(ids[0] ?? '')![0];
  for (const id of ids) {
    let length = 0;
    while (length < prefix.length && prefix[length] === id[length]) length++;
    prefix = prefix.slice(0, length);
  }
  return prefix;
}
