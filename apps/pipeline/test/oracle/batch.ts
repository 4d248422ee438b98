/** Which users a step reads, and where it keeps what belongs to each of their tokens. */

export interface Stretch {
  readonly user: number;
  /** The user's training items that are read: each but the last is a token, the next its target. */
  readonly items: readonly number[];
  readonly row: number;
  readonly offset: number;
}

export interface Batch {
  readonly stretches: readonly Stretch[];
  readonly rowLength: number;
  readonly itemCount: number;
  /** Which tokens are learned from. */
  readonly positions: 'all' | 'last' | { readonly last: number };
}

export interface Token {
  readonly stretch: Stretch;
  readonly place: number;
  /** Number of the token among the cells of all rows. */
  readonly cell: number;
  readonly target: number;
  /** 1 = learned from. */
  readonly weight: number;
}

export function tokensOf({ stretches, rowLength, positions }: Batch): Token[] {
  const tokens: Token[] = [];
  const learned = positions === 'all' ? Infinity : positions === 'last' ? 1 : positions.last;

  for (const stretch of stretches) {
    const count = stretch.items.length - 1;
    for (let place = 0; place < count; place++) {
      tokens.push({
        stretch,
        place,
        cell: stretch.row * rowLength + stretch.offset + place,
        target: stretch.items[place + 1]!,
        weight: place >= count - learned ? 1 : 0,
      });
    }
  }
  return tokens;
}

/** What was chosen at the tokens that are learned from. */
export function learnedTargets(batch: Batch): number[] {
  return tokensOf(batch)
    .filter(({ weight }) => weight > 0)
    .map(({ target }) => target);
}
