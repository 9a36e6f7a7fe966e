import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitUntil } from '@uno/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { chromiumPath, launchBrowser } from '../src/browser.js';
import { describeInBrowser } from '../src/describe-with.js';
import { sandbox } from '../src/sandbox.js';
import { everythingHealthy } from '../src/stack-control.js';
import { readCredentials } from '../src/stack-home.js';
import type { Column, UnoList } from '../src/views.js';
import { Workspace } from '../src/workspace.js';

const CONTACTS = Array.from({ length: 12 }, (_, index) => `Ada Amberlock ${index},ada${index}@bluefern.example`);
const CSV = ['Full name,Email', ...CONTACTS].join('\n');
const STEP_MS = 60_000;

describeInBrowser([], 'columns of a list of contacts, in a real browser', () => {
  let browser: Browser;
  let page: Page;
  let dialog: Locator;
  let workspace: Workspace;
  const problems: string[] = [];

  beforeAll(async () => {
    await everythingHealthy();
    await sandbox.reset(1);
    workspace = await Workspace.create(`page-columns ${randomUUID()}`, 1_000);
    browser = await launchBrowser(chromiumPath() ?? '');
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(STEP_MS);
    page.on('pageerror', (error) => problems.push(error.message));
    dialog = page.getByRole('dialog');
    await page.goto(`${readCredentials().url}/#key=${workspace.apiKey}`);
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function theList(): Promise<UnoList> {
    const { items } = await workspace.send<{ items: UnoList[] }>('GET', '/v1/lists');
    const [list] = items;
    if (!list) throw new Error('The page made no list');
    return list;
  }

  async function theColumns(): Promise<Column[]> {
    const { id } = await theList();
    return (await workspace.send<{ items: Column[] }>('GET', `/v1/lists/${id}/columns`)).items;
  }

  test('a file of contacts becomes a list that says by what a contact is looked up', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'uno-page-')), 'people.csv');
    await writeFile(file, CSV);
    await page.getByRole('button', { name: 'New list' }).first().click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('People');
    await dialog.getByRole('radio', { name: 'Contact' }).check();
    await dialog.getByLabel('CSV file').setInputFiles(file);
    await dialog.getByRole('button', { name: 'Create list' }).click();
    await dialog.getByText(`${CONTACTS.length} rows imported`).waitFor();
    const chosen = dialog.getByRole('combobox', { name: 'E-mail' });
    expect(await chosen.inputValue()).toBe('Email');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(`${CONTACTS.length} contacts`).first().waitFor();
    expect(await theList()).toMatchObject({ entityType: 'contact', identity: { name: 'Full name', email: 'Email' } });
  });

  test('a new column offers what its service knows of contacts, and takes its name from the choice', async () => {
    await page.getByRole('button', { name: 'Add column' }).click();
    await dialog.getByRole('button', { name: /^.?Enrich/ }).click();
    const attribute = dialog.getByLabel('Attribute');
    const offered = await attribute.locator('option').allTextContents();
    expect(offered).toEqual(expect.arrayContaining(['Title', 'Seniority']));
    expect(offered).not.toContain('Industry');
    await attribute.selectOption({ label: 'Title' });
    await dialog.getByRole('button', { name: 'Create column' }).click();
    await page.getByRole('dialog', { name: 'Fill cells' }).waitFor();
    expect(await theColumns()).toMatchObject([{ name: 'Title', config: { attribute: 'title' } }]);
  });

  test('a try fills the first ten rows and costs what it said', async () => {
    await dialog.getByText('First 10 rows: 10 cells, up to 10 credits').waitFor();
    await dialog.getByRole('button', { name: 'Try on 10 rows' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('status').filter({ hasText: 'Books closed' }).waitFor();
    const { id } = await theList();
    const rows = await workspace.rows(id);
    const settled = rows.filter(({ cells }) => Object.values(cells).some(({ status }) => status !== 'blank'));
    expect(settled.map(({ position }) => position)).toEqual(Array.from({ length: 10 }, (_, position) => position));
  });

  test('a column is edited from its header, by keyboard too', async () => {
    await page.getByRole('columnheader', { name: 'Title' }).focus();
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('dialog', { name: 'Edit column: Title' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Edit column Title' }).click();
    await dialog.getByLabel('Attribute').selectOption({ label: 'Seniority' });
    await dialog.getByRole('textbox', { name: 'Column name' }).fill('Level');
    await dialog.getByRole('button', { name: 'Save column' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('columnheader', { name: 'Level' }).waitFor();
    await waitUntil(async () => (await theColumns())[0]?.name === 'Level', { what: 'the column to be changed' });
    expect(await theColumns()).toMatchObject([{ name: 'Level', config: { attribute: 'seniority' } }]);
    expect(problems).toEqual([]);
  });
});
