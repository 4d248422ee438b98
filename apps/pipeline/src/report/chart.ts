import type { TopLevelSpec } from 'vega-lite';

export interface Chart {
  readonly title: string;
  /** One sentence: how to read it. */
  readonly aid: string;
  readonly spec: TopLevelSpec;
}
