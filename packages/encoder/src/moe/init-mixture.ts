import type { WeightDrawer } from '../weight-drawer.ts';
import { checkMixture, type MixtureSettings } from './mixture-settings.ts';

/**
 * Draws the weights of `mixtureOfExperts` under `prefix`: `router.kernel` `[dimension, experts]`
 * (also `router.noise`, `router.bias` where the settings use them), kernels and biases of
 * `experts.up` and `experts.down` with the experts along the first axis, and `shared.up`,
 * `shared.down`. A noisy router starts at zero, so that at first noise alone decides (Shazeer et
 * al., 2017).
 *
 * @throws {RangeError} if a setting does not fit
 */
export function initMixture(
  drawer: WeightDrawer,
  prefix: string,
  dimension: number,
  settings: MixtureSettings,
): void {
  checkMixture(settings);
  const { expertCount, width, sharedWidth = 0, noisy = false, biasRate = 0 } = settings;
  if (noisy) {
    drawer.fill(`${prefix}.router.kernel`, [dimension, expertCount], 0);
    drawer.fill(`${prefix}.router.noise`, [dimension, expertCount], 0);
  } else {
    drawer.table(`${prefix}.router.kernel`, dimension, expertCount);
  }
  if (biasRate > 0) drawer.fill(`${prefix}.router.bias`, [expertCount], 0);
  drawer.linear(`${prefix}.experts.up`, dimension, width, expertCount);
  drawer.linear(`${prefix}.experts.down`, width, dimension, expertCount);
  if (sharedWidth > 0) {
    drawer.linear(`${prefix}.shared.up`, dimension, sharedWidth);
    drawer.linear(`${prefix}.shared.down`, sharedWidth, dimension);
  }
}
