/** HM4SR's sizes and losses, of its authors' code, unless they are set otherwise. */
export const hm4srDefaults = {
  dimension: 64,
  blockCount: 2,
  headCount: 2,
  /** Of the alignment and of the temporal mixture, each. */
  expertCount: 4,
  idContrast: { weight: 1, temperature: 0.2 },
  placeholderContrast: { weight: 1, temperature: 1, share: 0.3 },
  categories: { weight: 1 },
} as const;
