import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { findChromium, launchChromium } from './launch.mjs';

export interface ChromiumForTests {
  readonly browser: Browser;
}

/**
 * Tests in a real browser, where `findChromium` finds one. Where there is none they are skipped, and their name says
 * why.
 */
export function describeInChromium(
  name: string,
  tests: (chromium: ChromiumForTests) => void,
): void {
  const program = findChromium();
  const reason = program ? '' : ' (skipped: there is no Chromium here, `pnpm browser` fetches it)';
  describe.skipIf(!program)(`${name}${reason}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium(program!);
    });
    afterAll(() => browser?.close());
    tests({
      get browser() {
        return browser;
      },
    });
  });
}
