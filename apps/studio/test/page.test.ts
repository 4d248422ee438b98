import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, openBundle, type Recommender } from '@rodpo/serving';
import {
  pageFolder,
  type RunningStudio,
  type Site,
  type SiteCurve,
  type SiteUser,
  siteFile,
  startStudio,
} from '@rodpo/studio';
import { describeInChromium } from '@rodpo/testing/chromium';
import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { hostile, idOf, itemCount, pageBundle } from './page-bundle.ts';

const curves: SiteCurve[] = [
  {
    model: 'pretrained',
    figure: 'loss',
    points: [
      [1, 4],
      [2, 3],
      [3, 2.5],
    ],
  },
  {
    model: 'pretrained',
    figure: 'validation ndcg@10',
    points: [
      [1, 0.125],
      [2, 0.25],
    ],
  },
  { model: 'aligned', figure: 'validation ndcg@10', points: [[1, 0.31254321]] },
];

const onePixel = 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==';

/** One whose name is markup; the other's next choice is what the second model thinks best. */
const users: SiteUser[] = [
  { id: '<b>user</b>', history: [idOf(1), idOf(2)], next: idOf(3) },
  { id: 'user 2', history: [idOf(9), idOf(12)], next: '' },
  // Nobody knows what the third would like. Later choices are what the second model thinks best.
  { id: 'user 3', history: [idOf(5), idOf(6), idOf(7)], next: '', learned: 3 },
];

describeInChromium('the page in a browser', (chromium) => {
  const names = ['pretrained', 'aligned'];
  let studio: RunningStudio;
  let nodes: Recommender[];
  let context: BrowserContext;
  let page: Page;
  /** What the browser has to say about the page, and what it asked of others. */
  let complaints: string[];

  beforeAll(async () => {
    const folders = [await pageBundle('pretrained', 1), await pageBundle('aligned', 2)];
    nodes = await Promise.all(folders.map((folder) => openBundle(folder, { threads: 1 })));
    const models = names.map((name) => ({ name, bundle: `bundles/${name}` }));
    const folder = await mkdtemp(join(tmpdir(), 'studio-'));
    await cp(await pageFolder(), folder, { recursive: true });
    for (const [at, { bundle }] of models.entries()) {
      await cp(folders[at]!, join(folder, bundle), { recursive: true });
    }
    await mkdir(join(folder, 'pictures'));
    await writeFile(join(folder, 'pictures/10.webp'), Buffer.from(onePixel, 'base64'));
    const [{ items: best }] = (await nodes[1]!.recommendAll([{ history: users[1]!.history }])) as [
      Answer,
    ];
    users[1] = { ...users[1]!, next: best[4]!.id, liked: [best[0]!.id, best[2]!.id, idOf(0)] };
    const [{ items: later }] = (await nodes[1]!.recommendAll([
      { history: [idOf(5), idOf(6)] },
    ])) as [Answer];
    users[2] = {
      ...users[2]!,
      history: [...users[2]!.history, later[1]!.id],
      next: later[3]!.id,
    };
    const pool = { model: 'aligned', size: 6, exclude: 'chosen' } as const;
    const site: Site = { kind: 'studio', format: 1, models, curves, users, pool };
    await writeFile(join(folder, siteFile), JSON.stringify(site));
    studio = await startStudio({ folder });
    context = await chromium.browser.newContext();
    page = await context.newPage();
    listen(page);
    await page.goto(studio.address);
    await page.getByRole('heading', { name: 'aligned' }).waitFor();
  });
  afterAll(async () => {
    await context?.close();
    await studio?.close();
    for (const node of nodes ?? []) await node.dispose();
  });

  // One page for all: what it has to load takes most of the time.
  afterEach(async () => {
    const again = page.getByRole('button', { name: 'Begin again' });
    if ((await again.count()) > 0) await again.click();
    await search().fill('');
  });

  function listen(own: Page): void {
    complaints = [];
    own.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    own.on('pageerror', (error) => complaints.push(String(error)));
    own.on('request', (request) => {
      const isOwn = request.url().startsWith(studio.address) || request.url().startsWith('data:');
      if (!isOwn) complaints.push(request.url());
    });
  }

  const search = () => page.getByRole('combobox', { name: /search by title/i });
  const shown = (name: string) =>
    page.getByRole('region', { name, exact: true }).locator('.id').allTextContents();
  const wanted = async (at: number, history: string[]) => {
    const { items } = await nodes[at]!.recommend({ history, count: 20 });
    return items.map(({ id }) => id);
  };

  test('it answers as Node does, by the keyboard alone, and with the network gone', async () => {
    expect(await shown('pretrained')).toEqual(await wanted(0, []));
    await context.setOffline(true); // and it stays so for what follows

    await search().focus();
    await page.keyboard.type('product 11');
    await page.keyboard.press('ArrowDown');
    const [, second] = await page.getByRole('option').locator('.id').allTextContents();
    await page.keyboard.press('Enter');
    await expect.poll(() => shown('pretrained')).toEqual(await wanted(0, [second!]));
    expect(second).toBe(idOf(110));
    for (const at of [0, 1]) expect(await shown(names[at]!)).toEqual(await wanted(at, [second!]));

    // The best of the second model goes into the history.
    const [best] = await shown('aligned');
    await page.getByRole('region', { name: 'aligned' }).getByRole('button').first().press('Enter');
    await expect.poll(() => shown('aligned')).toEqual(await wanted(1, [second!, best!]));
    expect(await shown('History')).toEqual([second, best]);
    await page.getByRole('button', { name: 'Remove Product 110', exact: true }).press('Enter');
    await expect.poll(() => shown('pretrained')).toEqual(await wanted(0, [best!]));
    expect(complaints).toEqual([]);
  });

  test('it tells how far the second model moved each item', async () => {
    await search().fill(idOf(50));
    await page.keyboard.press('Enter');
    await expect.poll(() => shown('aligned')).toEqual(await wanted(1, [idOf(50)]));
    const { items } = await nodes[0]!.recommend({ history: [idOf(50)], count: 1000 });
    const before = new Map(items.map(({ id }, place) => [id, place + 1]));
    const expected = (await wanted(1, [idOf(50)])).map((id, at) => {
      const [place, former] = [at + 1, before.get(id)];
      if (former === undefined) return 'not among the first 1000 before';
      if (former === place) return 'same place';
      return former > place
        ? `▲ up ${former - place} from ${former}`
        : `▼ down ${place - former} from ${former}`;
    });

    const changes = page.getByRole('region', { name: 'aligned' }).locator('.up, .down, .same');
    expect(await changes.allTextContents()).toEqual(expected);
    expect(new Set(expected.map((text) => text[0])).size).toBeGreaterThan(1);
  });

  test('somebody is picked, and the choice that was held out is marked', async () => {
    const people = page.getByRole('combobox', { name: /somebody's history/ });
    expect(await people.getByRole('option').allTextContents()).toEqual([
      'nobody: an empty history',
      '<b>user</b>, 2 products',
      'user 2, 2 products',
      'user 3, 4 products',
    ]);
    await people.selectOption({ index: 2 });
    await expect.poll(() => shown('aligned')).toEqual(await wanted(1, [idOf(9), idOf(12)]));

    const rows = page.getByRole('region', { name: 'aligned' }).getByRole('listitem');
    const marked = await rows.evaluateAll((all) =>
      all.flatMap((row, at) => (row.textContent!.includes('was chosen next') ? [at] : [])),
    );
    expect(marked).toEqual([4]);
    // What alignment would draw from: the history may come, what was chosen next may not.
    const asked = {
      history: [idOf(9), idOf(12)],
      exclude: [users[1]!.next],
      repeats: true,
      count: 6,
    };
    const pool = (await nodes[1]!.recommend(asked)).items.map(({ id }) => id);
    await expect.poll(() => shown('Pool of negatives')).toEqual(pool);
    const items = page.getByRole('region', { name: 'Pool of negatives' }).getByRole('listitem');
    const falseOnes = await items
      .filter({ hasText: 'false negative' })
      .locator('.id')
      .allTextContents();
    expect(falseOnes).toEqual(pool.filter((id) => users[1]!.liked!.includes(id)));
    expect(falseOnes.length).toBeGreaterThan(0);
    expect(await page.getByText(`${falseOnes.length} of 6 are false negatives`).count()).toBe(1);

    await people.selectOption({ index: 0 });
    expect(await page.getByRole('region', { name: 'Pool of negatives' }).count()).toBe(0);
    await expect.poll(() => shown('aligned')).toEqual(await wanted(1, []));
    expect(await page.getByText('was chosen next').count()).toBe(0);
  });

  test('of real data, what was chosen later is false', async () => {
    const people = page.getByRole('combobox', { name: /somebody's history/ });
    await people.selectOption({ index: 3 });
    const place = page.getByRole('combobox', { name: 'At the choice of' });
    const places = await place.getByRole('option').allTextContents();
    await place.selectOption({ index: 1 });
    const region = page.getByRole('region', { name: 'Pool of negatives' });
    const items = region.getByRole('listitem');
    const falseOnes = items.filter({ hasText: 'false negative' }).locator('.id');

    expect(places).toHaveLength(3); // after one, after two, and the one that was held out
    expect(places[2]).toMatch(/^5: .* \(held out\)$/);
    await expect
      .poll(() => falseOnes.allTextContents())
      .toEqual([users[2]!.history[3], users[2]!.next]);
    expect(await region.getByText('2 of 6 are false negatives').count()).toBe(1);

    await place.selectOption({ index: 2 });
    await expect.poll(() => falseOnes.count()).toBe(0);
    expect(await region.getByText('What came later is not known').count()).toBe(1);
    await people.selectOption({ index: 0 });
  });

  test("a site's own pictures are shown, and no other file of it", async () => {
    await context.setOffline(false);
    await search().fill(idOf(10));
    const picture = page.getByRole('option').locator('img');
    await picture.first().waitFor();
    await expect
      .poll(() =>
        picture
          .first()
          .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      )
      .toBeGreaterThan(0);
    await search().fill(idOf(11));
    const first = page.getByRole('option').locator('.id').first();
    await expect.poll(() => first.textContent()).toBe(idOf(11));
    expect(await picture.count()).toBe(0);
    await context.setOffline(true);
  });

  test('learning curves are a picture and a table of one figure', async () => {
    const table = page.getByRole('table');
    const rows = async () =>
      Promise.all(
        (await table.getByRole('row').all()).map(async (row) =>
          row.locator('th, td').allTextContents(),
        ),
      );
    expect(await rows()).toEqual([
      ['epoch', ' pretrained', ' aligned'],
      ['1', '0.125', '0.3125'],
      ['2', '0.25', '–'],
    ]);
    const places = (at: number) => page.locator('svg polyline').nth(at).getAttribute('points');
    // Epochs 1 and 2 are the edges across, .125 and .3125 those up.
    expect(await places(0)).toMatch(/^40,208 624,\d+\.?\d*$/);
    expect(await places(1)).toBe('40,16');

    await page.getByRole('combobox', { name: /figure/i }).selectOption('loss');
    expect((await rows()).slice(1)).toEqual([
      ['1', '4'],
      ['2', '3'],
      ['3', '2.5'],
    ]);
    await page.getByRole('combobox', { name: /figure/i }).selectOption('validation ndcg@10');
  });

  test('titles are text, whatever they say, and pictures nothing but pictures', async () => {
    for (const item of Object.keys(hostile).map(Number)) {
      await search().fill(idOf(item));
      await page.keyboard.press('Enter');
      const title = page.getByRole('region', { name: 'History' }).locator('.title').last();
      await expect.poll(() => title.textContent()).toBe(hostile[item]!.trim() || idOf(item));
    }
    await search().fill(idOf(8));
    expect(await page.getByRole('option').locator('img').count()).toBe(0);
    await search().fill(idOf(9));
    expect(await page.getByRole('option').locator('img').count()).toBe(1);

    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('script:not([src]), svg[onload], img[src=x]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('of 12,000 products a few are in the document, and every one can be reached', async () => {
    const list = page.getByRole('listbox', { name: 'Products' });
    expect(await page.getByText('12000 of 12000 products').count()).toBe(1);
    expect(await page.getByRole('option').count()).toBeLessThan(30);

    await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    const last = page.getByRole('option').filter({ hasText: idOf(itemCount - 1) });
    await last.waitFor();
    expect(await last.getAttribute('aria-posinset')).toBe(String(itemCount));
    await last.click();
    await expect.poll(() => shown('History')).toEqual([idOf(itemCount - 1)]);

    // What the keyboard is at is there and named, however far the list was scrolled.
    await search().focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('PageDown');
    const active = await search().getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).locator('.id').textContent()).toBe(idOf(21));
    expect(await page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
  });

  test('axe finds nothing wrong with it, in the light or in the dark', async () => {
    await search().fill('product');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Begin again' }).waitFor();
    await page.evaluate(axe.source);
    const run = async (scheme: 'light' | 'dark', options: axe.RunOptions) => {
      await page.emulateMedia({ colorScheme: scheme });
      return (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as axe.AxeResults;
    };
    const light = await run('light', {});
    const dark = await run('dark', { runOnly: ['color-contrast'] }); // nothing else depends on it

    for (const { violations, passes } of [light, dark]) {
      expect(violations.map(({ id, nodes: [first] }) => [id, first!.html])).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain('color-contrast');
    }
  });

  test('a bundle that was changed is told, and so is a page without its folder', async () => {
    const told = async (pattern: string, body: string) => {
      const other = await chromium.browser.newPage();
      await other.route(pattern, (route) => route.fulfill({ body }));
      await other.goto(studio.address);
      const text = await other.getByRole('alert').textContent();
      await other.close();
      return text;
    };

    expect(await told('**/items.jsonl', '{}')).toContain(
      'its checksum is not that of the manifest',
    );
    expect(await told('**/studio.json', '[]')).toContain(
      "is not what 'rodpo export --site' writes",
    );
  });
});
