import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import type { Locator } from 'playwright-core';
import { companies } from '../src/companies.js';
import { describeInBrowser } from '../src/describe-with.js';
import { OpenPage } from '../src/open-page.js';
import { sandbox } from '../src/sandbox.js';
import { everythingHealthy } from '../src/stack-control.js';
import type { Column, UnoList } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

const ROWS = 60;
/** So long a look-up takes: the job runs while the page is looked at in every width. */
const LOOKUP_TAKES_MS = 15_000;
const HEIGHT = 800;
const DESKTOPS = [1_280, 1_440, 1_920];
const PHONE = 390;
const LONG_NAMES = {
  industry: 'Headquarters industry by the first provider',
  employees: 'Number of employees all over the world',
  revenue: 'Annual revenue in dollars of the last year',
  city: 'City in which the headquarters are',
  country: 'Country in which the headquarters are',
};

describeInBrowser([], 'the layout of the page, in a real browser', () => {
  let open: OpenPage;
  let workspace: Workspace;
  let list: UnoList;
  const columns: Column[] = [];

  beforeAll(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    workspace = await Workspace.create(`page-layout ${randomUUID()}`, 1_000);
    ({ list } = await workspace.companies(companies(ROWS), []));
    for (const [attribute, name] of Object.entries(LONG_NAMES)) {
      const column = { name, service: 'enrich', config: { attribute } };
      columns.push(await workspace.send<Column>('POST', `/v1/lists/${list.id}/columns`, column));
    }
    open = await OpenPage.of(workspace);
  });
  afterAll(async () => {
    await open?.close();
    await sandbox.reset(1);
  });

  interface Edges {
    readonly left: number;
    readonly right: number;
    readonly top: number;
  }

  /** In whole pixels. */
  async function edgesOf(element: Locator): Promise<Edges> {
    const box = await element.boundingBox();
    if (!box) throw new Error(`${String(element)} is not shown`);
    return { left: Math.round(box.x), right: Math.round(box.x + box.width), top: Math.round(box.y) };
  }

  const grid = (): Locator => open.page.getByRole('region', { name: `Rows of ${list.name}` });
  const button = (name: string): Locator => open.page.getByRole('button', { name, exact: true });

  /** Sideways alone: what the job strip says pushes the grid down. */
  async function widths(): Promise<object> {
    const [rows, details] = [await edgesOf(grid()), await edgesOf(open.page.getByLabel('Details'))];
    return {
      grid: [rows.left, rows.right],
      details: [details.left, details.right],
      fill: await edgesOf(button('Fill')),
    };
  }

  async function isInSight(element: Locator): Promise<boolean> {
    const { left, right } = await edgesOf(element);
    return left >= 0 && right <= (open.page.viewportSize()?.width ?? 0);
  }

  test('a list opens with its first column in sight, and a column that somebody adds comes into sight', async () => {
    const { page, dialog } = open;
    await page.setViewportSize({ width: 1_280, height: HEIGHT });
    await open.show(list);
    const shown = await edgesOf(grid());
    const header = (name: string): Locator => page.getByRole('columnheader', { name });
    const [first, ...others] = Object.values(LONG_NAMES);
    await header(first ?? '').waitFor();
    expect((await edgesOf(header(first ?? ''))).right).toBeLessThanOrEqual(shown.right);
    expect(await header(others.at(-1) ?? '').count()).toBe(0);

    await button('Add column').click();
    await dialog.getByRole('button', { name: /^.?Enrich/ }).click();
    await dialog.getByLabel('Attribute').selectOption({ label: 'Founded' });
    await dialog.getByRole('textbox', { name: 'Column name' }).fill('Mine');
    await dialog.getByRole('button', { name: 'Create column' }).click();
    await page.getByRole('dialog', { name: 'Fill cells' }).waitFor();
    await header('Mine').waitFor();
    await waitUntil(async () => (await edgesOf(header('Mine'))).right <= shown.right, { what: 'Mine to be in sight' });
    await page.keyboard.press('Escape');
  });

  test('grid, panel and buttons stay where they are, whatever a running job is called', async () => {
    const { page } = open;
    const before: object[] = [];
    for (const width of DESKTOPS) {
      await page.setViewportSize({ width, height: HEIGHT });
      before.push(await widths());
    }
    await sandbox.latency(LOOKUP_TAKES_MS);
    await workspace.fill(list.id, columns);
    await button('Cancel job').waitFor();
    const during: object[] = [];
    for (const width of DESKTOPS) {
      await page.setViewportSize({ width, height: HEIGHT });
      during.push(await widths());
      expect(await isInSight(button('Cancel job'))).toBe(true);
    }
    expect(during).toEqual(before);
  });

  test('on a phone the rows have most of the grid, and the running job says what it fills', async () => {
    const { page } = open;
    await page.setViewportSize({ width: PHONE, height: HEIGHT });
    const { left, right } = await edgesOf(grid());
    const name = page.getByRole('columnheader', { name: 'Security' });
    await waitUntil(async () => (await edgesOf(name)).right - left <= (right - left) / 2, {
      what: 'what stays at the edge to have at most half of the grid',
    });
    const title = page.getByRole('list', { name: 'Running jobs' }).getByText('Filling');
    const isCut = await title.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
    expect(isCut).toBe(false);
  });

  test('on a phone the question before a cancel can be answered both ways, and Enter does no harm', async () => {
    const { page } = open;
    await button('Cancel job').click();
    expect(await isInSight(button('Keep going'))).toBe(true);
    expect(await isInSight(button('Cancel and restore'))).toBe(true);
    await page.keyboard.press('Enter');
    await button('Cancel job').click();
    await button('Cancel and restore').click();
    await page.getByText('Cancelled', { exact: true }).waitFor();
    expect(open.problems).toEqual([]);
  });
});
