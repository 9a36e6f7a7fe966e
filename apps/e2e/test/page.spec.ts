import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { chromiumPath, launchBrowser } from '../src/browser.js';
import { describeInBrowser } from '../src/describe-with.js';
import { LiveFrames } from '../src/live-frames.js';
import { sandbox } from '../src/sandbox.js';
import { everythingHealthy } from '../src/stack-control.js';
import { E2E_PAGE_ADDRESS, REPOSITORY } from '../src/stack-home.js';
import type { Column, Row, UnoList } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

const SAMPLE_LIST = 'Sample companies';
const SAMPLE_ROWS = 50;
const STEP_MS = 60_000;
const SCREENSHOT = join(REPOSITORY, 'docs', 'images', 'grid.png');
const SCREENSHOT_BYTES = 250_000;

describeInBrowser([], 'the page in a real browser', () => {
  let browser: Browser;
  let page: Page;
  let frames: LiveFrames;
  const problems: string[] = [];
  const loads: string[] = [];
  const workspace = Workspace.demo();
  let list: UnoList;
  let columns: Column[];
  let allCells: number;

  beforeAll(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    await sandbox.latency(1_000, 3_000);
    const { items } = await workspace.send<{ items: UnoList[] }>('GET', '/v1/lists');
    const found = items.find(({ name }) => name === SAMPLE_LIST);
    if (!found) throw new Error(`There is no list ${SAMPLE_LIST}`);
    list = found;
    ({ items: columns } = await workspace.send<{ items: Column[] }>('GET', `/v1/lists/${list.id}/columns`));
    allCells = SAMPLE_ROWS * columns.length;
    browser = await launchBrowser(chromiumPath() ?? '');
    // Tall and wide enough to show every cell of the sample companies at once.
    page = await browser.newPage({ viewport: { width: 2_000, height: 2_600 } });
    page.setDefaultTimeout(STEP_MS);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('load', () => loads.push(page.url()));
    frames = new LiveFrames(page);
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox.reset(1);
  });

  const cells = (status: string): Locator => page.locator(`[data-status="${status}"]`);

  async function credits(): Promise<Record<string, number>> {
    const figures: Record<string, number> = {};
    for (const entry of await page.getByLabel('Credits', { exact: true }).locator('> div').all()) {
      const [name = '', amount = ''] = await entry.locator('dt, dd').allTextContents();
      figures[name] = Number(amount.replace(/\D/g, ''));
    }
    return figures;
  }

  /** The figures follow what happens; they need not be there in the same moment. */
  async function creditsToBe(expected: Record<string, number>): Promise<void> {
    let shown: Record<string, number> = {};
    await waitUntil(async () => isDeepStrictEqual((shown = await credits()), expected), { what: 'credits' }).catch(() =>
      expect(shown).toEqual(expected),
    );
  }

  /** Chooses what to fill in the dialog and starts the job. */
  async function startFill(scope: 'Missing cells' | 'All cells'): Promise<void> {
    await page.getByRole('button', { name: 'Fill', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Fill cells' });
    await dialog.getByRole('radio', { name: scope }).check();
    await dialog.getByText(`${allCells} cells eligible`).waitFor();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** What the filled cells of these rows cost. */
  async function costOf(rows: readonly Row[]): Promise<number> {
    const { items } = await workspace.send<{ items: { id: string; price: number }[] }>('GET', '/v1/services');
    const prices = new Map(items.map(({ id, price }) => [id, price]));
    const filled = columns.flatMap(({ id, service }) =>
      rows.filter(({ cells: of }) => of[id]?.status === 'filled').map(() => prices.get(service) ?? 0),
    );
    return filled.reduce((sum, price) => sum + price, 0);
  }

  /** Watches the grid until nothing is pending any more. @returns the mixes of pending and filled cells that it showed */
  async function mixesShown(): Promise<Set<string>> {
    const mixes = new Set<string>();
    await cells('pending').first().waitFor();
    await waitUntil(
      async () => {
        const [pending, filled] = await Promise.all([cells('pending').count(), cells('filled').count()]);
        if (pending > 0 && filled > 0) mixes.add(`${pending} pending, ${filled} filled`);
        return pending === 0;
      },
      { timeoutMs: STEP_MS, intervalMs: 10, what: 'no cell to be pending' },
    );
    return mixes;
  }

  test('shows the sample list at the address that the stack printed', async () => {
    await page.goto(process.env[E2E_PAGE_ADDRESS] ?? '');
    await page.getByRole('navigation', { name: 'Lists' }).getByRole('button', { name: SAMPLE_LIST }).click();
    await page.getByRole('heading', { name: SAMPLE_LIST }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('gridcell', { name: 'Adobe', exact: true }).waitFor();
    await waitUntil(async () => (await cells('blank').count()) === allCells, { what: 'all cells to be shown' });
    // The key stays out of what a person might copy or bookmark.
    expect(page.url()).not.toContain('key=');
  });

  test('fills the columns live, without a reload, in many steps that are seen on the socket and in the grid', async () => {
    const before = await credits();
    const opened = loads.length;
    await startFill('Missing cells');
    const mixes = await mixesShown();
    expect(mixes.size).toBeGreaterThanOrEqual(3);
    expect(frames.mixes.size).toBeGreaterThanOrEqual(3);
    expect(frames.deltas).toBeGreaterThanOrEqual(3);
    expect(loads).toHaveLength(opened);

    await page.getByRole('status').filter({ hasText: 'Books closed' }).first().waitFor();
    const counts = await Promise.all(['filled', 'not_found', 'skipped'].map((status) => cells(status).count()));
    expect(counts[0]).toBeGreaterThan(allCells / 2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(allCells);
    const spent = await costOf(await workspace.rows(list.id));
    await creditsToBe({
      Available: (before['Available'] ?? 0) - spent,
      Held: 0,
      Spent: (before['Spent'] ?? 0) + spent,
    });
  });

  test('shows what the API says', async () => {
    const rows = await workspace.rows(list.id);
    for (const { id } of columns.filter(({ service }) => service !== 'signals' && service !== 'crm')) {
      const told = rows.flatMap(({ cells: of }) => (of[id]?.status === 'filled' ? [String(of[id]?.value)] : []));
      const shown = await page.locator(`[col-id="${id}"] [data-status="filled"] .cell-value`).allTextContents();
      expect(shown.sort()).toEqual(told.sort());
    }
  });

  test('brings every former value back when a refill is cancelled', async () => {
    const texts = (): Promise<string[]> => page.locator('[data-status]').allTextContents();
    const before = { texts: (await texts()).sort(), credits: await credits() };
    await sandbox.reset(2);
    await sandbox.latency(1_500, 4_000);
    await startFill('All cells');
    await waitUntil(async () => (await cells('pending').count()) > 0 && (await credits())['Held'] !== 0, {
      what: 'cells to be pending and credits to be held',
      timeoutMs: STEP_MS,
    });
    if (process.env['UPDATE_SCREENSHOT'] === '1') await takeScreenshot();
    const running = page.getByRole('list', { name: 'Running jobs' });
    await running.getByRole('button', { name: 'Cancel job' }).click();
    await running.getByRole('button', { name: /^Cancel and restore/ }).click();
    await page.getByText('Cancelled', { exact: true }).first().waitFor();
    await waitUntil(async () => (await cells('pending').count()) === 0, { what: 'no cell to be pending' });
    await waitUntil(async () => isDeepStrictEqual((await texts()).sort(), before.texts), {
      what: 'the former values to be back',
    });
    await creditsToBe(before.credits);
    expect(problems).toEqual([]);
  });

  async function takeScreenshot(): Promise<void> {
    const size = page.viewportSize();
    await page.setViewportSize({ width: 1440, height: 800 });
    // So many of the rendered rows that some of both are in sight.
    await waitUntil(async () => (await cells('filled').count()) >= 12 && (await cells('pending').count()) > 0);
    mkdirSync(join(REPOSITORY, 'docs', 'images'), { recursive: true });
    await page.screenshot({ path: SCREENSHOT });
    expect(statSync(SCREENSHOT).size).toBeLessThan(SCREENSHOT_BYTES);
    if (size) await page.setViewportSize(size);
  }
});
