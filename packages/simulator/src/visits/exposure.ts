/** Why a product is on the slate. Weights: only their proportions count, 0 turns a source off. */
export interface Exposure {
  /** Best sellers, whoever is looking. Default 0.2. */
  readonly popular: number;
  /** The category of the visitor's active interest, best sellers first. Default 0.3. */
  readonly browsing: number;
  /** A complement of the last click, in its style where there is one. Default 0.3. */
  readonly complements: number;
  /** Any product, all as likely. Default 0.2. */
  readonly random: number;
}

export const defaultExposure: Exposure = {
  popular: 0.2,
  browsing: 0.3,
  complements: 0.3,
  random: 0.2,
};
