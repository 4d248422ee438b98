export type Material = 'ceramic' | 'cotton' | 'glass' | 'oak' | 'rattan' | 'steel' | 'wool';

/** Every material with what it does to the median price of its category: a factor. */
export const materialPriceFactors: Readonly<Record<Material, number>> = {
  ceramic: 1,
  cotton: 0.9,
  glass: 1.05,
  oak: 1.3,
  rattan: 0.95,
  steel: 1.1,
  wool: 1.35,
};

/** Every material, in a fixed order. */
export const materials: readonly Material[] = Object.keys(materialPriceFactors) as Material[];
