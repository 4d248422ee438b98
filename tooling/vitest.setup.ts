import { seedProperties } from './testing/src/property-seed.ts';

seedProperties();
