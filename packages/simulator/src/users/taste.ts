import type { Catalogue } from '../catalogue/catalogue.ts';
import { gaussian, normalise } from '../random-draws.ts';

/** What one user wants, lastingly. */
export interface Taste {
  /** Two to four unit vectors in the latent space. */
  readonly interests: readonly Interest[];
  /** Affinity lost per standard deviation of price: 0 is indifferent. */
  readonly priceSensitivity: number;
}

export interface Interest {
  /** Shape `[dimension]`. */
  readonly point: Float32Array;
  /** Index into `categories`: where the user looks when this interest is active. */
  readonly category: number;
  /** How often the interest is taken up, relative to the others. */
  readonly weight: number;
}

/** Most interests that a user has. */
export const maxInterests = 4;

const interestSpread = 0.35;
const priceSensitivityScale = 0.06;

/** Draws 2 to 4 interests, each near a product of its own, and a price sensitivity. */
export function drawTaste(catalogue: Catalogue, random: () => number): Taste {
  const interestCount = 2 + Math.floor(random() * (maxInterests - 1));
  return {
    interests: Array.from({ length: interestCount }, () => drawInterest(catalogue, random)),
    priceSensitivity: priceSensitivityScale * random(),
  };
}

function drawInterest(catalogue: Catalogue, random: () => number): Interest {
  const { dimension, vectors, category, products } = catalogue;
  const item = Math.floor(random() * products.length);
  const scatter = interestSpread / Math.sqrt(dimension);
  const point = Float64Array.from(
    vectors.subarray(item * dimension, (item + 1) * dimension),
    (value) => value + scatter * gaussian(random),
  );
  return {
    point: Float32Array.from(normalise(point)),
    category: category[item]!,
    weight: 0.5 + random(),
  };
}
