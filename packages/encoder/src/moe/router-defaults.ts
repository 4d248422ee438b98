import type { BalanceSettings } from './mixture-settings.ts';

/** What a router learns beside its task, unless it is told otherwise. */
export const routerDefaults: {
  readonly balance: BalanceSettings;
  readonly zLossWeight: number;
} = {
  balance: { loss: 'megatron', weight: 0.01 },
  // As in ST-MoE.
  zLossWeight: 0.001,
};
